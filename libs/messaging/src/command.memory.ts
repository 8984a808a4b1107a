import { AppError, type CommandContract } from '#contracts';
import type { Tx } from '#database';
import { Refusal } from './handler.context.js';
import { rememberCommand } from './inbox.store.js';
import type { Reply, RequestMessage } from './message.js';

/** A command whose caller may ask for it and whose input fits. */
export interface AcceptedCommand {
  readonly contract: CommandContract;
  readonly message: RequestMessage;
  readonly input: unknown;
  readonly inputHash: string;
}

/** Writes down what was answered. */
export async function remembered(tx: Tx, command: AcceptedCommand, result: unknown, now: Date): Promise<Reply> {
  const reply = replyOf(command.contract, result);
  await rememberCommand(tx, memoryOf(command, memorable(command.contract, reply), now));
  return reply;
}

export function memoryOf(
  { message, contract, inputHash: hash }: AcceptedCommand,
  reply: Reply,
  now: Date,
): Parameters<typeof rememberCommand>[1] {
  return { id: message.id, contract: contract.name, inputHash: hash, reply, now };
}

function replyOf(contract: CommandContract, result: unknown): Reply {
  if (result instanceof Refusal) return { ok: false, error: result.error.toWire() };
  return { ok: true, output: contract.output.parse(result) };
}

/** A reply that holds a secret is given once; a repeat is told to start anew. */
function memorable(contract: CommandContract, reply: Reply): Reply {
  return contract.secretReply && reply.ok ? { ok: false, error: new AppError('system.unavailable').toWire() } : reply;
}

export function replayOf(earlier: { inputHash: string; reply: Reply }, hash: string): Reply {
  if (earlier.inputHash === hash) return earlier.reply;
  return { ok: false, error: new AppError('idempotency.key_reused').toWire() };
}
