import { ApiFailure, notFound, serverError } from './api.failure.js';
import type { BotEmulatorOptions } from './emulator.options.js';
import { EmulatorCore } from './emulator.core.js';
import { Disconnected, errorOf, type InjectedFault } from './fault.injector.js';
import { MethodInput } from './method.input.js';
import { methodTable } from './methods/method.table.js';
import type { ApiAnswer } from './telegram.types.js';

/** Runs calls of the Bot API against the emulated world: faults, the method, the record of the call, the saved state. */
export class BotApi {
  readonly core: EmulatorCore;

  constructor(options: BotEmulatorOptions) {
    this.core = new EmulatorCore(options, (call) => this.runWebhookReply(call));
  }

  /** Never throws but {@link Disconnected}, which means: cut the connection. */
  async call(method: string, values: Record<string, unknown>, signal: AbortSignal): Promise<ApiAnswer> {
    const name = method.toLowerCase();
    const parameters = recordable(values);
    const at = this.core.now();
    try {
      const fault = this.core.faults.take(name, chatIdOf(values));
      const result = await this.run(name, values, signal, fault);
      this.core.calls.add({ method, parameters, at, ok: true });
      return { ok: true, result };
    } catch (error) {
      const failure = error instanceof ApiFailure ? error : serverError();
      this.core.calls.add({ method, parameters, at, ok: false, errorCode: failure.errorCode });
      if (error instanceof Disconnected) {
        throw error;
      }
      return failure.toAnswer();
    }
  }

  private async run(
    name: string,
    values: Record<string, unknown>,
    signal: AbortSignal,
    fault?: InjectedFault,
  ): Promise<unknown> {
    if (fault !== undefined && fault.afterEffect !== true) {
      throw errorOf(fault);
    }
    const method = methodTable.get(name);
    if (method === undefined) {
      throw notFound();
    }
    const result = await method(this.core, new MethodInput(values), signal);
    await this.core.flush();
    if (fault !== undefined) {
      throw errorOf(fault);
    }
    return result;
  }

  /** A bot may answer a webhook with a method call; as at Telegram its outcome is told to nobody. */
  private async runWebhookReply(call: Record<string, unknown>): Promise<void> {
    const { method, ...values } = call;
    if (typeof method === 'string') {
      await this.call(method, values, new AbortController().signal).catch(() => undefined);
    }
  }
}

function chatIdOf(values: Record<string, unknown>): number | undefined {
  const id = Number(values['chat_id']);
  return Number.isFinite(id) ? id : undefined;
}

/** A copy that later changes cannot reach, with files reduced to their names. */
function recordable(values: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(values)) as Record<string, unknown>;
}
