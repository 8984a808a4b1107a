import { Controller, Inject, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  AppError,
  BalanceChanged,
  CheckedIn,
  CheckIn,
  eventQueueNames,
  eventTopology,
  GetBalance,
  ListPointRecords,
  MembershipExtended,
  MembershipStarted,
  MembershipWithdrawn,
  type Call,
  type EventQueueName,
} from '#contracts';
import type { HandledInputOf, OutputOf, PayloadOf, ServiceName } from '#contracts';
import { Database, runStatements, type MigrationInterface, type QueryRunner } from '#database';
import { eventually } from '#testing';
import { onEachDatabase, RabbitHost, type DatabaseEngine } from '#testing/engines';
import {
  BrokerServer,
  HandleCommand,
  HandleEvent,
  HandleQuery,
  InboxAndOutbox1700000000000,
  MemoryBroker,
  MessageClient,
  OutboxRelay,
  PassThroughFilter,
  RabbitBroker,
  UnitOfWork,
  silentObserver,
} from './index.js';
import type { Broker, CommandContext, EventContext, EventMessage, MessagingObserver, QueryContext } from './index.js';

const clock = { now: () => new Date('2026-01-02T03:04:05.678Z') };

class CreateBalances1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'CREATE TABLE balances (user_id BIGINT NOT NULL PRIMARY KEY, balance BIGINT NOT NULL)',
      'CREATE TABLE seen (word VARCHAR(64) NOT NULL)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE seen', 'DROP TABLE balances']);
  }
}

/** What Nest injects, to show that handlers have dependencies like any other class. */
class Greeting {
  readonly points = 10;
}

function userOf(call: Call): number {
  if (call.actor.kind !== 'user') throw new AppError('auth.unauthenticated');
  return call.actor.user_id;
}

@Controller()
class LedgerService {
  constructor(@Inject(Greeting) private readonly greeting: Greeting) {}

  @HandleCommand(CheckIn)
  async checkIn(
    _input: HandledInputOf<typeof CheckIn>,
    { tx, now, call, emit }: CommandContext,
  ): Promise<OutputOf<typeof CheckIn>> {
    const userId = userOf(call);
    if (userId === 13) throw new AppError('check_in.already_done', { day: '2026-01-02', streak_days: 4 });
    if (userId === 500) throw new TypeError('a bug with a secret in it');
    const { points } = this.greeting;
    await tx.insert('balances', { user_id: userId, balance: points });
    emit(BalanceChanged, { user_id: userId, balance: points, version: 1, records: [{ type: 'check_in', points }] });
    const day = '2026-01-02';
    const earned = { day, points, bonuses: [], streak_days: 1, total_days: 1, balance: points };
    emit(CheckedIn, { ...earned, user_id: userId, check_in_id: 1, channel: call.channel });
    return { ...earned, id: 1, base_points: points, checked_in_at: now.toISOString() };
  }

  @HandleQuery(GetBalance)
  async balance(
    _input: HandledInputOf<typeof GetBalance>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetBalance>> {
    const row = await reader.one<{ balance: number }>('SELECT balance FROM balances WHERE user_id = ?', [userOf(call)]);
    const balance = row?.balance ?? 0;
    return { balance, frozen: 0, available: balance };
  }
}

@Controller()
class RankService {
  @HandleEvent(BalanceChanged)
  async rank({ user_id, balance }: PayloadOf<typeof BalanceChanged>, { tx }: EventContext): Promise<void> {
    await tx.insert('seen', { word: `first ${user_id} has ${balance}` });
  }

  @HandleEvent(MembershipStarted)
  async start(_payload: PayloadOf<typeof MembershipStarted>, { tx }: EventContext): Promise<void> {
    await tx.insert('seen', { word: 'membership' });
  }

  @HandleEvent(MembershipExtended)
  async prolong(_payload: PayloadOf<typeof MembershipExtended>, { tx }: EventContext): Promise<void> {
    await tx.insert('seen', { word: 'membership' });
  }

  @HandleEvent(MembershipWithdrawn)
  async end(_payload: PayloadOf<typeof MembershipWithdrawn>, { tx }: EventContext): Promise<void> {
    await tx.insert('seen', { word: 'membership' });
  }
}

@Controller()
class GreeterService {
  @HandleEvent(BalanceChanged)
  async greet({ user_id }: PayloadOf<typeof BalanceChanged>, { tx, message }: EventContext): Promise<void> {
    await tx.insert('seen', { word: `second ${user_id}` });
    if (user_id === 66) throw new Error(`the second handler of ${message.name} breaks`);
  }
}

/** Whatever else the user service hears. */
@Controller()
class HearingService {}

const heardByRank: readonly unknown[] = [BalanceChanged, MembershipStarted, MembershipExtended, MembershipWithdrawn];
for (const contract of eventTopology['events.user'].filter((one) => !heardByRank.includes(one))) {
  const method = { value: async () => undefined, writable: true, configurable: true };
  Object.defineProperty(HearingService.prototype, contract.name, method);
  (HandleEvent(contract) as MethodDecorator)(HearingService.prototype, contract.name, method);
}

@Module({ controllers: [LedgerService], providers: [Greeting] })
class PointsModule {}

@Module({ controllers: [RankService, GreeterService, HearingService] })
class UserModule {}

interface Host {
  readonly application: INestMicroservice;
  readonly database: Database;
  readonly relay: OutboxRelay;
  readonly outcomes: string[];
  stop(): Promise<void>;
}

/** A service as `main.ts` starts one. */
async function start(
  module: new () => object,
  setup: { service: ServiceName; broker: Broker; engine: DatabaseEngine; eventQueue?: EventQueueName },
): Promise<Host> {
  const { service, broker, engine, eventQueue } = setup;
  const outcomes: string[] = [];
  const observer: MessagingObserver = {
    ...silentObserver,
    requestHandled: (contract, outcome) => void outcomes.push(`${contract} ${outcome}`),
    eventHandled: (event, outcome) => void outcomes.push(`${event} ${outcome}`),
    unexpected: (error, { contract, requestId }) => void outcomes.push(`${contract} ${requestId}: ${String(error)}`),
  };
  const migrations = [InboxAndOutbox1700000000000, CreateBalances1700000000001];
  const database = await Database.open({ ...engine.place, service, entities: [], migrations });
  await database.migrate();
  const relay = new OutboxRelay(database, broker, observer);
  const unitOfWork = new UnitOfWork({ service, database, clock, onEvents: () => relay.wake() });
  const strategy = new BrokerServer({ service, broker, unitOfWork, observer, ...(eventQueue && { eventQueue }) });
  const application = await NestFactory.createMicroservice(module, { strategy, logger: false, abortOnError: false });
  application.useGlobalFilters(new PassThroughFilter());
  const stop = async (): Promise<void> => {
    await strategy.close();
    await relay.stop();
    await application.close();
    await database.close();
  };
  try {
    await application.listen();
  } catch (error) {
    await stop();
    throw error;
  }
  relay.start();
  return { application, database, relay, outcomes, stop };
}

function callOf(userId: number): Call {
  return {
    request_id: `r${userId}`,
    actor: { kind: 'user', user_id: userId, role: 'member' },
    channel: 'bot',
    locale: 'ru',
  };
}

const host = RabbitHost.fromEnvironment();
const log = { warn: () => undefined, info: () => undefined };
beforeAll(() => host.create());
afterAll(() => host.remove());

/** All parts of the platform in one process share the broker; with RabbitMQ each has a connection of its own. */
const kinds = [
  {
    title: 'the in-process broker',
    isThere: true,
    connect: async (): Promise<Broker> => new MemoryBroker({ deliveryLimit: 3 }),
    shared: true,
  },
  {
    title: 'RabbitMQ',
    isThere: host.isThere,
    connect: (): Promise<Broker> => RabbitBroker.connect({ url: host.url(), log, deliveryLimit: 3 }),
    shared: false,
  },
];

for (const { title, isThere, connect, shared } of kinds) {
  /** Two services and a reader of everything, as the platform has them. */
  describe.runIf(isThere)(`services on ${title}`, () => {
    onEachDatabase('with tables', (engine) => {
      let points: Host;
      let user: Host;
      let client: MessageClient;
      const heard: EventMessage[] = [];
      const brokers: Broker[] = [];

      beforeAll(async () => {
        for (let index = 0; index < 3; index += 1) brokers.push((shared && brokers[0]) || (await connect()));
        const [first, second, third] = brokers as [Broker, Broker, Broker];
        await third.subscribe('events.audit', async (batch) => void heard.push(...batch), { batchSize: 50 });
        for (const queue of eventQueueNames.filter((name) => !['events.audit', 'events.user'].includes(name))) {
          await third.subscribe(queue, async () => undefined, { batchSize: 50 });
        }
        user = await start(UserModule, { service: 'user', broker: first, engine, eventQueue: 'events.user' });
        points = await start(PointsModule, { service: 'points', broker: second, engine });
        client = new MessageClient(third);
      });
      afterAll(async () => {
        await Promise.all([points.stop(), user.stop()]);
        await Promise.all(brokers.map((broker) => broker.close()));
      });
      beforeEach(() => void (points.outcomes.length = 0));

      const refusalOf = (asked: Promise<unknown>): Promise<unknown> => asked.catch((error: unknown) => error);

      it('answers a command and a query over the wire', async () => {
        const done = await client.command(CheckIn, {}, callOf(1));
        expect(done).toMatchObject({ balance: 10, checked_in_at: '2026-01-02T03:04:05.678Z' });
        expect(await client.query(GetBalance, {}, callOf(1))).toEqual({ balance: 10, frozen: 0, available: 10 });
        expect(points.outcomes).toEqual([`${CheckIn.name} ok`, `${GetBalance.name} ok`]);
      });

      it('gives a repeated command under the same key the same answer', async () => {
        const options = { idempotencyKey: 'today' };
        const replies = await Promise.all(
          Array.from({ length: 10 }, () => client.command(CheckIn, {}, callOf(2), options)),
        );
        expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
        // Another member's key of the same text is another wish.
        expect(await client.command(CheckIn, {}, callOf(3), options)).toMatchObject({ balance: 10 });
      });

      it("rebuilds a refusal with its parameters on the caller's side", async () => {
        const error = await refusalOf(client.command(CheckIn, {}, callOf(13)));
        expect(error).toBeInstanceOf(AppError);
        expect(error).toMatchObject({
          errorName: 'check_in.already_done',
          params: { day: '2026-01-02', streak_days: 4 },
        });
        expect(points.outcomes).toEqual([`${CheckIn.name} check_in.already_done`]);
      });

      it('tells of a bug what the caller may know, and the observer the rest', async () => {
        const error = await refusalOf(client.command(CheckIn, {}, callOf(500)));
        expect(error).toMatchObject({ errorName: 'system.internal', params: {} });
        expect(points.outcomes).toEqual([
          `${CheckIn.name} r500: TypeError: a bug with a secret in it`,
          `${CheckIn.name} system.internal`,
        ]);
      });

      it('carries events to every handler of the other service, in one transaction', async () => {
        await client.command(CheckIn, {}, callOf(4));
        await eventually(async () => {
          const rows = await user.database.reader.query<{ word: string }>(
            "SELECT word FROM seen WHERE word LIKE '% 4%' ORDER BY word",
          );
          expect(rows.map(({ word }) => word)).toEqual(['first 4 has 10', 'second 4']);
        });
        // Another message than the one that was handled: it may be a moment later.
        await eventually(() => {
          const names = heard.filter(({ call }) => call.request_id === 'r4').map(({ name }) => name);
          expect(names.sort()).toEqual([BalanceChanged.name, CheckedIn.name]);
        });
        await eventually(() => expect(user.outcomes).toContain(`${BalanceChanged.name} handled`));
      });

      it('undoes all handlers of an event when one of them breaks', async () => {
        await client.command(CheckIn, {}, callOf(66));
        const breaks = `${BalanceChanged.name} r66: Error: the second handler of ${BalanceChanged.name} breaks`;
        await eventually(() => expect(user.outcomes.filter((outcome) => outcome === breaks).length).toBeGreaterThan(1));
        expect(await user.database.reader.query("SELECT word FROM seen WHERE word LIKE '%66%'")).toEqual([]);
      });

      it('refuses what does not fit before it is sent', async () => {
        const error = await refusalOf(client.query(ListPointRecords, { page: 0 }, callOf(1)));
        const problems = [{ path: 'page', problem: 'too_small' }];
        expect(error).toMatchObject({ errorName: 'request.invalid', params: { problems } });
        expect(points.outcomes).toEqual([]);
      });

      it('is told apart from an owner that has no handler for it', async () => {
        expect(await refusalOf(client.query(ListPointRecords, {}, callOf(1)))).toMatchObject({
          errorName: 'system.unavailable',
        });
      });
    });
  });
}

describe('a service that is put together wrongly does not start', () => {
  @Controller()
  class ForeignService {
    @HandleQuery(GetBalance)
    async balance(
      _input: HandledInputOf<typeof GetBalance>,
      _context: QueryContext,
    ): Promise<OutputOf<typeof GetBalance>> {
      return { balance: 0, frozen: 0, available: 0 };
    }
  }
  @Controller()
  class SecondService extends ForeignService {
    @HandleQuery(GetBalance)
    override async balance(): Promise<OutputOf<typeof GetBalance>> {
      return { balance: 1, frozen: 0, available: 1 };
    }
  }
  @Controller()
  class EavesdropperService {
    @HandleEvent(CheckedIn)
    async hear(_payload: PayloadOf<typeof CheckedIn>, _context: EventContext): Promise<void> {}
  }
  @Module({ controllers: [ForeignService] })
  class ForeignModule {}
  @Module({ controllers: [ForeignService, SecondService] })
  class TwiceModule {}
  @Module({ controllers: [EavesdropperService, RankService] })
  class EavesdropperModule {}
  @Module({ controllers: [GreeterService] })
  class DeafModule {}

  onEachDatabase('with tables', (engine) => {
    const startAs = (module: new () => object, service: ServiceName, eventQueue?: EventQueueName): Promise<Host> =>
      start(module, { service, broker: new MemoryBroker(), engine, ...(eventQueue && { eventQueue }) });

    it("because it handles another service's contract", async () => {
      await expect(startAs(ForeignModule, 'user')).rejects.toThrow('"points.get_balance.v1" belongs to points');
    });

    it('because it has two handlers of one query', async () => {
      await expect(startAs(TwiceModule, 'points')).rejects.toThrow('"points.get_balance.v1" has two handlers');
    });

    it('because it hears an event outside the topology', async () => {
      const starting = startAs(EavesdropperModule, 'user', 'events.user');
      await expect(starting).rejects.toThrow('"points.checked_in.v1" is not in the event topology of user');
    });

    it('because it is bound to an event that it has no handler for', async () => {
      const starting = startAs(DeafModule, 'user', 'events.user');
      await expect(starting).rejects.toThrow('user listens to "entitlement.membership_started.v1" without a handler');
    });
  });
});
