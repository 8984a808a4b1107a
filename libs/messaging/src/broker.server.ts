import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import {
  actorKey,
  allContracts,
  AppError,
  eventNamesOf,
  type EventQueueName,
  type RequestContract,
  type ServiceName,
} from '#contracts';
import { isConnectionProblem, isLockConflict } from '#database';
import { PoisonError, type Broker, type Consumer } from './broker.js';
import { CommandGatherer } from './command.gatherer.js';
import type { AcceptedCommand } from './command.memory.js';
import type { CommandTurn, EventContext } from './handler.context.js';
import { takesTogether } from './handler.decorators.js';
import type { EventMessage, Reply, RequestMessage } from './message.js';
import type { MessagingObserver } from './messaging.observer.js';
import type { UnitOfWork } from './unit.of.work.js';

export interface BrokerServerOptions {
  service: ServiceName;
  broker: Broker;
  unitOfWork: UnitOfWork;
  observer: MessagingObserver;
  /** The queue of this service's event handlers, if it has any. */
  eventQueue?: EventQueueName;
  /** Requests taken at a time. Those that wait for a database connection wait here, which is nearer than the broker. */
  concurrency?: number;
  eventBatchSize?: number;
}

type NestHandler = (input: unknown, context: unknown) => Promise<unknown>;

const defaultConcurrency = 100;
/** A whole bundle, so that it is one transaction. */
const defaultEventBatchSize = 250;

/** Nest's transport strategy over the broker: each message becomes one unit of work around the handler Nest found for it. */
export class BrokerServer extends Server implements CustomTransportStrategy {
  private readonly consumers: Consumer[] = [];
  private readonly eventHandlers = new Map<string, NestHandler[]>();
  /** By command, for those whose handler takes several at once. */
  private readonly gatherers = new Map<string, CommandGatherer<AcceptedCommand, Reply>>();

  constructor(private readonly options: BrokerServerOptions) {
    super();
  }

  /**
   * Keeps several handlers of one event side by side: Nest would chain and run them at the same time, in one transaction,
   * with only the first one's error coming through.
   */
  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    const name = this.normalizePattern(pattern as string);
    if (isEventHandler)
      this.eventHandlers.set(name, [...(this.eventHandlers.get(name) ?? []), callback as NestHandler]);
    if (extras['together'] === takesTogether.together)
      this.gatherers.set(name, this.gathererOf(callback as NestHandler));
    if (!this.messageHandlers.has(name)) super.addHandler(pattern, callback, isEventHandler, extras);
    else if (!isEventHandler) throw new Error(`"${name}" has two handlers`);
  }

  listen(callback: (error?: unknown) => void): void {
    this.start().then(
      () => callback(),
      (error: unknown) => callback(error),
    );
  }

  /** Stops taking messages and lets those being handled finish. */
  async close(): Promise<void> {
    await Promise.all(this.consumers.splice(0).map((consumer) => consumer.stop()));
  }

  override on(): void {
    throw new Error('this transport has no events of its own');
  }

  override unwrap<Type>(): Type {
    return this.options.broker as Type;
  }

  private async start(): Promise<void> {
    const { broker, service, eventQueue } = this.options;
    this.checkHandlers();
    if (eventQueue) {
      const batchSize = this.options.eventBatchSize ?? defaultEventBatchSize;
      this.consumers.push(await broker.subscribe(eventQueue, (batch) => this.hear(batch), { batchSize }));
    }
    const concurrency = this.options.concurrency ?? defaultConcurrency;
    this.consumers.push(await broker.serve(service, (message) => this.answer(message), { concurrency }));
  }

  /** Every handler must belong to a contract, and every bound event must have a handler: found at start, not at the first message. */
  private checkHandlers(): void {
    const { service, eventQueue } = this.options;
    const wanted = eventQueue ? eventNamesOf(eventQueue) : [];
    for (const name of this.messageHandlers.keys()) {
      const contract = allContracts.get(name);
      if (!contract) throw new Error(`"${name}" has a handler but no contract`);
      if (contract.kind !== 'event' && contract.owner !== service)
        throw new Error(`"${name}" belongs to ${contract.owner}`);
      if (contract.kind === 'event' && !wanted.includes(name))
        throw new Error(`"${name}" is not in the event topology of ${service}`);
    }
    for (const name of wanted)
      if (!this.messageHandlers.has(name)) throw new Error(`${service} listens to "${name}" without a handler`);
  }

  private async answer(message: RequestMessage): Promise<Reply> {
    const startedAt = process.hrtime.bigint();
    let outcome = 'ok';
    try {
      const reply = await this.dispatch(message);
      if (!reply.ok) outcome = reply.error.name;
      return reply;
    } catch (error) {
      const refusal = this.refusalOf(error, message);
      outcome = refusal.errorName;
      return { ok: false, error: refusal.toWire() };
    } finally {
      this.options.observer.requestHandled(message.contract, outcome, secondsSince(startedAt), message.call.request_id);
    }
  }

  private async dispatch(message: RequestMessage): Promise<Reply> {
    const contract = allContracts.get(message.contract) as RequestContract | undefined;
    // Not by getHandlerByPattern: it tries to read each name as JSON, and throws and catches an error for each message.
    const handler = this.messageHandlers.get(message.contract) as NestHandler | undefined;
    if (!contract || !handler) throw new AppError('system.unavailable');
    const invoke = (input: unknown, context: unknown): Promise<unknown> => settle(handler(input, context));
    const { unitOfWork } = this.options;
    if (contract.kind === 'query') return unitOfWork.answerQuery(contract, message, invoke);
    const command = unitOfWork.accept(contract, message);
    return this.gatherers.get(contract.name)?.handle(command) ?? unitOfWork.handleCommand(command, invoke);
  }

  private gathererOf(handler: NestHandler): CommandGatherer<AcceptedCommand, Reply> {
    const invoke = async (turns: readonly CommandTurn<unknown>[]): Promise<readonly unknown[]> =>
      (await settle(handler(turns, turns[0]?.context))) as readonly unknown[];
    return new CommandGatherer({
      handle: (commands) => this.options.unitOfWork.handleTogether(commands, invoke),
      // A caller's commands one after the other; and a command that was delivered twice is not handled beside itself.
      keysOf: ({ message }) => [message.id, actorKey(message.call.actor)],
    });
  }

  private refusalOf(error: unknown, message: RequestMessage): AppError {
    if (error instanceof AppError) return error;
    if (isConnectionProblem(error) || isLockConflict(error)) return new AppError('system.unavailable');
    this.options.observer.unexpected(error, { contract: message.contract, requestId: message.call.request_id });
    return new AppError('system.internal');
  }

  private async hear(batch: readonly EventMessage[]): Promise<void> {
    const { observer, unitOfWork } = this.options;
    const startedAt = process.hrtime.bigint();
    const handled = new Set<string>();
    try {
      await unitOfWork.handleEvents(batch, async (message, context) => {
        await this.invokeEventHandlers(message, context);
        handled.add(message.id);
      });
      const seconds = secondsSince(startedAt) / batch.length;
      for (const { id, name, call } of batch)
        observer.eventHandled(name, handled.has(id) ? 'handled' : 'duplicate', seconds, call.request_id);
    } catch (error) {
      const seconds = secondsSince(startedAt) / batch.length;
      for (const { name, call } of batch) observer.eventHandled(name, 'failed', seconds, call.request_id);
      if (batch.length === 1 && batch[0]) {
        observer.unexpected(error, { contract: batch[0].name, requestId: batch[0].call.request_id });
      }
      throw error;
    }
  }

  private async invokeEventHandlers(message: EventMessage, context: EventContext): Promise<void> {
    const contract = allContracts.get(message.name);
    const handlers = this.eventHandlers.get(message.name) ?? [];
    if (contract?.kind !== 'event' || handlers.length === 0)
      throw new PoisonError(`nothing here handles "${message.name}"`);
    const payload = contract.payload.safeParse(message.payload);
    if (!payload.success) throw new PoisonError(`"${message.name}" does not fit its contract`, payload.error);
    for (const handler of handlers) await settle(handler(payload.data, context));
  }
}

async function settle(result: Promise<unknown>): Promise<unknown> {
  const value = await result;
  return isObservable(value) ? lastValueFrom(value, { defaultValue: undefined }) : value;
}

function secondsSince(startedAt: bigint): number {
  return Number(process.hrtime.bigint() - startedAt) / 1e9;
}
