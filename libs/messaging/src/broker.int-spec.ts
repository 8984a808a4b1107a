import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError, eventQueueNames, type Call, type EventQueueName } from '#contracts';
import { eventually } from '#testing';
import { RabbitHost } from '#testing/engines';
import { gate } from '#testing/gate';
import { refusalOf } from '#testing/refusal.name';
import { MemoryBroker, NotNowError, PoisonError, RabbitBroker } from './index.js';
import type { Broker, Consumer, EventMessage, Reply, RequestMessage } from './index.js';

const deliveryLimit = 3;
/** Longer than any machine is busy: how long an answer may take is the subject where a test names a time. */
const patienceMs = 60_000;
const call: Call = {
  request_id: 'r1',
  actor: { kind: 'user', user_id: 7, role: 'member' },
  channel: 'rest',
  locale: 'en',
};

function question(id: string, input: unknown = {}): RequestMessage {
  return { id, contract: 'points.get_balance.v1', call, input };
}

function fact(id: string, name = 'points.checked_in.v1'): EventMessage {
  return { id, name, service: 'points', occurred_at: '2026-01-02T03:04:05.678Z', call, payload: { id } };
}

function numbered(count: number, prefix = 'e'): EventMessage[] {
  return Array.from({ length: count }, (_, index) => fact(`${prefix}${index}`));
}

const idsOf = (messages: readonly EventMessage[]): string[] => messages.map(({ id }) => id);

/** A broker under test, one for each test. */
interface Bench {
  readonly broker: Broker;
  /** Queues whose messages were given up, in order. */
  readonly givenUp: string[];
  deadLetters(queue: EventQueueName): Promise<EventMessage[]>;
  close(): Promise<void>;
}

function memoryBench(deadLetterFile?: string): Bench {
  const givenUp: string[] = [];
  const onDeadLetter = (queue: string): void => void givenUp.push(queue);
  const broker = new MemoryBroker({ deliveryLimit, onDeadLetter, ...(deadLetterFile && { deadLetterFile }) });
  const deadLetters = async (queue: EventQueueName): Promise<EventMessage[]> =>
    broker.deadLetters.filter((letter) => letter.queue === queue).map(({ message }) => message);
  return { broker, givenUp, deadLetters, close: () => broker.close() };
}

async function rabbitBench(host: RabbitHost): Promise<Bench> {
  const givenUp: string[] = [];
  const log = { warn: () => undefined, info: () => undefined };
  const onPoison = (queue: string): void => void givenUp.push(queue);
  const broker = await RabbitBroker.connect({ url: host.url(), log, deliveryLimit, onPoison });
  const letters: EventMessage[] = [];
  const deadLetters = async (queue: EventQueueName): Promise<EventMessage[]> => {
    letters.push(...(await host.take(`dead.${queue}`)).map((text) => JSON.parse(text) as EventMessage));
    return letters;
  };
  const close = async (): Promise<void> => {
    await broker.close();
    await Promise.all([...eventQueueNames, 'requests.points'].map((queue) => host.purge(queue)));
  };
  return { broker, givenUp, deadLetters, close };
}

const host = RabbitHost.fromEnvironment();

/**
 * The brokers, and what they answer when nobody serves: RabbitMQ's queue is there all the same and waits. RabbitMQ forgets a request a
 * tenth of its time before its caller gives up, but counts from when it has it: the tenth has to be longer than the way there takes.
 */
const kinds = [
  {
    title: 'the in-process broker',
    isThere: true,
    open: async () => memoryBench(),
    whenNobodyServes: 'system.unavailable',
    givenUpAfterMs: 100,
  },
  {
    title: 'the broker on RabbitMQ',
    isThere: host.isThere,
    open: () => rabbitBench(host),
    whenNobodyServes: 'system.timeout',
    givenUpAfterMs: 2_000,
  },
];

beforeAll(() => host.create());
afterAll(() => host.remove());

/** Reads `queue` with `handle`; the other queues have readers too, which the in-process broker wants. */
async function listen(
  broker: Broker,
  queue: EventQueueName,
  handle: (batch: readonly EventMessage[]) => Promise<void>,
  batchSize = 10,
) {
  for (const other of eventQueueNames) {
    if (other !== queue) await broker.subscribe(other, async () => undefined, { batchSize });
  }
  return broker.subscribe(queue, handle, { batchSize });
}

for (const { title, isThere, open, whenNobodyServes, givenUpAfterMs } of kinds) {
  describe.runIf(isThere)(title, () => {
    let bench: Bench;
    let broker: Broker;

    beforeEach(async () => {
      bench = await open();
      broker = bench.broker;
    });
    afterEach(() => bench.close());

    const ask = (id: string, timeoutMs = patienceMs): Promise<Reply> =>
      broker.request('points', question(id), timeoutMs);

    describe('requests', () => {
      it('reach their owner and bring back its reply, both as JSON', async () => {
        const heard: RequestMessage[] = [];
        const handle = async (message: RequestMessage): Promise<Reply> => {
          heard.push(message);
          return { ok: true, output: { at: new Date(0), missing: undefined, input: message.input } };
        };
        await broker.serve('points', handle, { concurrency: 2 });
        const reply = await broker.request(
          'points',
          question('q1', { when: new Date(1), text: '签到 🎉' }),
          patienceMs,
        );
        const input = { when: '1970-01-01T00:00:00.001Z', text: '签到 🎉' };
        expect(heard).toEqual([question('q1', input)]);
        expect(reply).toEqual({ ok: true, output: { at: '1970-01-01T00:00:00.000Z', input } });
      });

      it('bring back a refusal with its parameters', async () => {
        const error = new AppError('points.insufficient_balance', { balance: 3, required: 5 }).toWire();
        await broker.serve('points', async () => ({ ok: false, error }), { concurrency: 1 });
        expect(await ask('q')).toEqual({ ok: false, error });
      });

      it('are told of an internal error when their server breaks', async () => {
        await broker.serve('points', () => Promise.reject(new Error('secret detail')), { concurrency: 1 });
        expect(await ask('q')).toEqual({ ok: false, error: { name: 'system.internal', params: {} } });
      });

      it('end with a timeout when no reply comes', async () => {
        const { opened, open: finish } = gate();
        const server = await broker.serve('points', () => opened.then(() => ({ ok: true, output: 1 })), {
          concurrency: 1,
        });
        expect(await refusalOf(ask('q', 100))).toBe('system.timeout');
        finish();
        await server.stop();
      });

      it(`end with ${whenNobodyServes} when nobody serves them`, async () => {
        expect(await refusalOf(ask('q', 150))).toBe(whenNobodyServes);
      });

      it('are not handled after their caller has given up', async () => {
        const handled: string[] = [];
        const { opened, open: finish } = gate();
        const handle = async ({ id }: RequestMessage): Promise<Reply> => {
          handled.push(id);
          if (id === 'slow') await opened;
          return { ok: true, output: id };
        };
        await broker.serve('points', handle, { concurrency: 1 });
        const slow = ask('slow');
        await eventually(() => expect(handled).toEqual(['slow']));
        expect(await refusalOf(ask('given up', givenUpAfterMs))).toBe('system.timeout');
        finish();
        expect(await slow).toEqual({ ok: true, output: 'slow' });
        expect(await ask('next')).toEqual({ ok: true, output: 'next' });
        expect(handled).toEqual(['slow', 'next']);
      });

      it('are handled so many at a time and no more', async () => {
        let running = 0;
        let most = 0;
        const { opened, open: finish } = gate();
        const handle = async ({ id }: RequestMessage): Promise<Reply> => {
          running += 1;
          most = Math.max(most, running);
          await opened;
          running -= 1;
          return { ok: true, output: id };
        };
        await broker.serve('points', handle, { concurrency: 3 });
        const replies = Array.from({ length: 20 }, (_, index) => ask(`q${index}`));
        await eventually(() => expect(running).toBe(3));
        finish();
        expect((await Promise.all(replies)).map((reply) => reply.ok && reply.output)).toEqual(
          replies.map((_, index) => `q${index}`),
        );
        expect(most).toBe(3);
      });

      it('in work are answered before a stop is over, later ones are not taken', async () => {
        const { opened, open: finish } = gate();
        const handled: string[] = [];
        const handle = async ({ id }: RequestMessage): Promise<Reply> => {
          handled.push(id);
          await opened;
          return { ok: true, output: id };
        };
        const server = await broker.serve('points', handle, { concurrency: 5 });
        const inWork = ask('in work');
        await eventually(() => expect(handled).toHaveLength(1));
        let stopped = false;
        const stopping = server.stop().then(() => (stopped = true));
        expect(await refusalOf(ask('late', 100))).toBe(whenNobodyServes);
        expect(stopped).toBe(false);
        finish();
        expect(await inWork).toEqual({ ok: true, output: 'in work' });
        await stopping;
        expect(handled).toEqual(['in work']);
      });
    });

    describe('events', () => {
      it('arrive in the order of their publishing, in bounded batches', async () => {
        const heard: string[] = [];
        const sizes: number[] = [];
        const handle = async (batch: readonly EventMessage[]): Promise<void> => {
          sizes.push(batch.length);
          heard.push(...idsOf(batch));
        };
        await listen(broker, 'events.notification', handle, 50);
        const all = numbered(300);
        for (let start = 0; start < all.length; start += 25) await broker.publish(all.slice(start, start + 25));
        await eventually(() => expect(heard).toHaveLength(300));
        expect(heard).toEqual(idsOf(all));
        expect(Math.max(...sizes)).toBeLessThanOrEqual(50);
      });

      it('go to the queues that are bound to their name', async () => {
        const heard: Record<string, string[]> = {};
        const consumers: Consumer[] = [];
        for (const queue of eventQueueNames) {
          heard[queue] = [];
          consumers.push(
            await broker.subscribe(queue, async (batch) => void heard[queue]?.push(...idsOf(batch)), { batchSize: 10 }),
          );
        }
        const events = [
          fact('a'),
          fact('b', 'points.balance_changed.v1'),
          fact('c', 'entitlement.membership_started.v1'),
        ];
        await broker.publish(events);
        const expected = {
          ...Object.fromEntries(eventQueueNames.map((name) => [name, []])),
          'events.audit': ['a', 'b', 'c'],
          'events.entitlement': [],
          'events.notification': ['a', 'c'],
          'events.points': ['a', 'c'],
          'events.user': ['b', 'c'],
        };
        await eventually(() => expect(heard).toEqual(expected));
        await Promise.all(consumers.map((consumer) => consumer.stop()));
      });

      it('of a failing batch are handled one by one', async () => {
        const handled: string[] = [];
        const handle = async (batch: readonly EventMessage[]): Promise<void> => {
          if (batch.length > 1) throw new Error('not together');
          handled.push(...idsOf(batch));
        };
        await listen(broker, 'events.notification', handle);
        await broker.publish(numbered(25));
        await eventually(() => expect(handled).toHaveLength(25));
        expect(handled).toEqual(idsOf(numbered(25)));
      });

      it('that cannot be handled become dead letters after the limit, and do not keep the others', async () => {
        const handled = new Set<string>();
        let triedAlone = 0;
        const handle = async (batch: readonly EventMessage[]): Promise<void> => {
          if (idsOf(batch).includes('bad')) {
            if (batch.length === 1) triedAlone += 1;
            throw new Error('cannot');
          }
          for (const id of idsOf(batch)) handled.add(id);
        };
        await listen(broker, 'events.notification', handle);
        await broker.publish([...numbered(12), fact('bad'), ...numbered(12, 'later')]);
        await eventually(async () => expect(idsOf(await bench.deadLetters('events.notification'))).toEqual(['bad']));
        expect(triedAlone).toBe(deliveryLimit);
        expect(bench.givenUp).toEqual(['events.notification']);
        await eventually(() => expect(handled.size).toBe(24));
      });

      it('that nobody can ever handle become dead letters at once', async () => {
        let tries = 0;
        const handle = async (): Promise<void> => {
          tries += 1;
          throw new PoisonError('wrong shape');
        };
        await listen(broker, 'events.notification', handle);
        await broker.publish([fact('bad')]);
        await eventually(async () => expect(idsOf(await bench.deadLetters('events.notification'))).toEqual(['bad']));
        expect(tries).toBe(1);
      });

      it('wait for an engine that is away, in order and without using up deliveries', async () => {
        let away = deliveryLimit + 1;
        const handled: string[] = [];
        const handle = async (batch: readonly EventMessage[]): Promise<void> => {
          away -= 1;
          if (away >= 0) throw new NotNowError(new Error('no database'));
          handled.push(...idsOf(batch));
        };
        await listen(broker, 'events.notification', handle);
        await broker.publish(numbered(5));
        await eventually(() => expect(handled).toEqual(idsOf(numbered(5))));
        expect(bench.givenUp).toEqual([]);
      });

      it('that were published twice arrive twice: telling them apart is the inbox', async () => {
        const heard: string[] = [];
        await listen(broker, 'events.notification', async (batch) => void heard.push(...idsOf(batch)));
        await broker.publish([fact('same')]);
        await broker.publish([fact('same')]);
        await eventually(() => expect(heard).toEqual(['same', 'same']));
      });

      it('in work are finished before a stop is over, later ones are left', async () => {
        const { opened, open: finish } = gate();
        const begun: string[] = [];
        const done: string[] = [];
        const consumer = await listen(broker, 'events.notification', async (batch) => {
          begun.push(...idsOf(batch));
          await opened;
          done.push(...idsOf(batch));
        });
        const published = broker.publish([fact('in work')]);
        await eventually(() => expect(begun).toEqual(['in work']));
        const stopping = consumer.stop();
        const late = broker.publish([fact('late')]).catch(() => undefined);
        finish();
        await Promise.all([stopping, published, late]);
        expect([begun, done]).toEqual([['in work'], ['in work']]);
        await consumer.stop();
        // The next reader gets what was left.
        const next: string[] = [];
        await broker.subscribe('events.notification', async (batch) => void next.push(...idsOf(batch)), {
          batchSize: 10,
        });
        await broker.publish([fact('next')]);
        await eventually(() => expect(next).toContain('next'));
        expect(next).not.toContain('in work');
      });
    });
  });
}

describe('the in-process broker by itself', () => {
  const directory = mkdtempSync(join(tmpdir(), 'coser-test-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('publishes nothing before every queue has a reader: the outbox keeps it', async () => {
    const { broker } = memoryBench();
    await broker.subscribe('events.notification', async () => undefined, { batchSize: 1 });
    await expect(broker.publish([fact('early')])).rejects.toThrow(
      `nobody reads ${eventQueueNames.filter((name) => name !== 'events.notification').join(', ')}`,
    );
  });

  it('keeps dead letters in a file', async () => {
    const file = join(directory, 'new', 'dead.ndjson');
    const { broker } = memoryBench(file);
    await listen(broker, 'events.notification', () => Promise.reject(new PoisonError('wrong shape')));
    await broker.publish([fact('bad')]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      queue: 'events.notification',
      message: { id: 'bad' },
    });
  });
});
