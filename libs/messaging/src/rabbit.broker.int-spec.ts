import { connect } from 'amqplib';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Call } from '#contracts';
import { eventually } from '#testing';
import { onRabbit } from '#testing/engines';
import { gate } from '#testing/gate';
import { refusalOf } from '#testing/refusal.name';
import { TcpProxy } from '#testing/tcp-proxy';
import { RabbitBroker, type EventMessage, type Reply, type RequestMessage } from './index.js';

const queue = 'events.notification';
const log = { warn: () => undefined, info: () => undefined };
const call: Call = { request_id: 'r1', actor: { kind: 'visitor' }, channel: 'rest', locale: 'zh' };

function question(id: string): RequestMessage {
  return { id, contract: 'points.get_balance.v1', call, input: {} };
}

function fact(id: string): EventMessage {
  return {
    id,
    name: 'points.checked_in.v1',
    service: 'points',
    occurred_at: '2026-01-02T03:04:05.678Z',
    call,
    payload: { id },
  };
}

const echo = async ({ id }: RequestMessage): Promise<Reply> => ({ ok: true, output: id });

onRabbit('the broker under faults', (host) => {
  let proxy: TcpProxy;
  let broker: RabbitBroker;
  let givenUp: string[];
  let heard: string[];

  beforeAll(() => host.create());

  beforeEach(async () => {
    givenUp = [];
    heard = [];
    proxy = await TcpProxy.start(host.target);
    const onPoison = (_: string, error: unknown): void => void givenUp.push(String(error));
    broker = await RabbitBroker.connect({ url: host.url(proxy), log, onPoison });
  });
  afterEach(async () => {
    await broker.close();
    await proxy.stop();
    await Promise.all([queue, 'events.audit', 'requests.points'].map((name) => host.purge(name)));
  });

  const hear = async (batch: readonly EventMessage[]): Promise<void> => void heard.push(...batch.map(({ id }) => id));
  const ask = (id: string, timeoutMs = 60_000): Promise<Reply> => broker.request('points', question(id), timeoutMs);

  it('forgets a request that nobody took in time', async () => {
    const handled: string[] = [];
    // It is forgotten a tenth of its time before that, counted from when RabbitMQ has it.
    expect(await refusalOf(ask('old', 2_000))).toBe('system.timeout');
    const handle = async (message: RequestMessage): Promise<Reply> => {
      handled.push(message.id);
      return echo(message);
    };
    await broker.serve('points', handle, { concurrency: 1 });
    expect(await ask('new')).toEqual({ ok: true, output: 'new' });
    expect(handled).toEqual(['new']);
  });

  it('refuses to publish while the broker is away, and works by itself when it is back', async () => {
    await broker.subscribe(queue, hear, { batchSize: 10 });
    await broker.serve('points', echo, { concurrency: 4 });
    await broker.publish([fact('before')]);
    proxy.refuse();
    await eventually(() => expect(broker.connected).toBe(false));
    await expect(broker.publish([fact('lost')])).rejects.toThrow('not connected');
    expect(await refusalOf(ask('lost'))).toBe('system.unavailable');
    proxy.heal();
    await eventually(() => broker.publish([fact('after')]));
    expect(await ask('after')).toEqual({ ok: true, output: 'after' });
    // `before` may come twice: its acknowledgement may have been cut off.
    await eventually(() => expect([...new Set(heard)]).toEqual(['before', 'after']));
  });

  it('tells those who wait when the connection breaks, instead of letting them wait', async () => {
    const { opened, open } = gate();
    let taken = 0;
    const handle = async (message: RequestMessage): Promise<Reply> => {
      taken += 1;
      await opened;
      return echo(message);
    };
    await broker.serve('points', handle, { concurrency: 1 });
    const asked = ask('in flight', 60_000);
    await eventually(() => expect(taken).toBe(1));
    proxy.cut();
    expect(await refusalOf(asked)).toBe('system.unavailable');
    open();
    await eventually(async () => expect(await ask('again')).toEqual({ ok: true, output: 'again' }));
  });

  it('loses no event while the server closes connections again and again', async () => {
    await broker.subscribe(queue, hear, { batchSize: 5 });
    const publishSurely = (event: EventMessage): Promise<void> =>
      eventually(() => broker.publish([event]), { timeoutMs: 20_000 });
    let closed = 0;
    for (let round = 0; round < 2; round += 1) {
      for (let index = 0; index < 30; index += 1) await publishSurely(fact(`${round}-${index}`));
      const { accepted } = proxy;
      // The management interface lists a connection a moment after it is made, and maybe still one that is gone.
      await eventually(async () => {
        if (proxy.accepted === accepted) closed += await host.closeConnections();
        expect(proxy.accepted).toBeGreaterThan(accepted);
      });
    }
    // Heard over the last connection, behind all that came again: nothing is left for the next test.
    await publishSurely(fact('last'));
    await eventually(() => expect(heard).toContain('last'));
    expect(new Set(heard).size).toBe(61);
    expect(closed).toBeGreaterThanOrEqual(2);
  });

  it('delivers again what was not finished when its connection died', async () => {
    const { opened, open } = gate();
    const begun: string[] = [];
    const handle = async (batch: readonly EventMessage[]): Promise<void> => {
      begun.push(...batch.map(({ id }) => id));
      if (begun.length === 1) await opened;
    };
    await broker.subscribe(queue, handle, { batchSize: 1 });
    await broker.publish([fact('once more')]);
    await eventually(() => expect(begun).toHaveLength(1));
    const { accepted } = proxy;
    proxy.cut();
    // It is back so fast that nobody may see it gone.
    await eventually(() => expect(proxy.accepted).toBeGreaterThan(accepted));
    open();
    await eventually(() => expect(begun).toEqual(['once more', 'once more']));
  });

  it('may be closed while it works: what is not acknowledged comes again', async () => {
    const leaving = await RabbitBroker.connect({ url: host.url(), log });
    const { opened, open } = gate();
    let begun = false;
    const handle = async (): Promise<void> => {
      begun = true;
      await opened;
    };
    await leaving.subscribe(queue, handle, { batchSize: 1 });
    await leaving.publish([fact('left')]);
    await eventually(() => expect(begun).toBe(true));
    const closing = leaving.close();
    open();
    await closing;
    await broker.subscribe(queue, hear, { batchSize: 1 });
    await eventually(() => expect(new Set(heard)).toEqual(new Set(['left'])));
  });

  it('puts what is no event into the dead letters and goes on', async () => {
    await broker.subscribe(queue, hear, { batchSize: 10 });
    const malformed = ['not JSON', 'null', '[]', '{"id":7}', '{"id":"x","name":"points.checked_in.v1"}'];
    for (const text of malformed) await host.publishRaw('events', 'points.checked_in.v1', text);
    await broker.publish([fact('good')]);
    await eventually(() => expect(heard).toEqual(['good']));
    const dead: string[] = [];
    await eventually(async () => {
      dead.push(...(await host.take(`dead.${queue}`)));
      expect(dead.sort()).toEqual([...malformed].sort());
    });
    expect(givenUp).toHaveLength(malformed.length);
  });

  it('takes a bundle apart that ends its reader again and again', async () => {
    const begun: number[] = [];
    const handle = async (batch: readonly EventMessage[]): Promise<void> => {
      begun.push(batch.length);
      if (batch.length === 1) return void heard.push(...batch.map(({ id }) => id));
      const { accepted } = proxy;
      proxy.cut();
      await eventually(() => expect(proxy.accepted).toBeGreaterThan(accepted));
    };
    await broker.publish([fact('a'), fact('b'), fact('c')]);
    await broker.subscribe(queue, handle, { batchSize: 10 });
    await eventually(() => expect(new Set(heard)).toEqual(new Set(['a', 'b', 'c'])));
    expect(begun).toEqual([3, 3, 3, 1, 1, 1]);
  });

  it('answers a request that is no JSON instead of dying of it', async () => {
    await broker.serve('points', echo, { concurrency: 1 });
    await host.publishRaw('requests', 'points', 'not JSON');
    expect(await ask('next')).toEqual({ ok: true, output: 'next' });
  });

  it('answers requesters that know of no bundles each request alone, others together', async () => {
    const door = gate();
    const taken: string[] = [];
    const handle = async (message: RequestMessage): Promise<Reply> => {
      taken.push(message.id);
      await door.opened;
      return echo(message);
    };
    await broker.serve('points', handle, { concurrency: 10 });
    const connection = await connect(host.url());
    const channel = await connection.createChannel();
    const replies: string[] = [];
    await channel.consume(
      'amq.rabbitmq.reply-to',
      (raw) => void replies.push(`${String(raw?.properties.correlationId)} ${String(raw?.content)}`),
      { noAck: true },
    );
    const send = (id: string, type: string): boolean =>
      channel.publish('requests', 'points', Buffer.from(JSON.stringify(question(id))), {
        correlationId: id,
        replyTo: 'amq.rabbitmq.reply-to',
        type,
      });
    for (const id of ['a', 'b']) send(id, 'points.get_balance.v1');
    for (const id of ['c', 'd']) send(id, 'letters');
    await eventually(() => expect(taken).toHaveLength(4));
    door.open();
    const body = (id: string): string => JSON.stringify({ ok: true, output: id });
    const wanted = [`a ${body('a')}`, `b ${body('b')}`, `c,d [${body('c')},${body('d')}]`];
    await eventually(() => expect([...replies].sort()).toEqual(wanted));
    await connection.close();
  });

  it('comes back when its queue was deleted', async () => {
    await broker.subscribe(queue, hear, { batchSize: 10 });
    await host.deleteQueue(queue);
    await eventually(async () => {
      await broker.publish([fact('again')]);
      expect(heard).toContain('again');
    });
  });

  it('waits for a broker that is not there yet, until it is closed', async () => {
    proxy.refuse();
    const starting = RabbitBroker.connect({ url: host.url(proxy), log });
    const accepted = proxy.accepted;
    await eventually(() => expect(proxy.accepted).toBeGreaterThan(accepted + 1));
    proxy.heal();
    const late = await starting;
    expect(late.connected).toBe(true);
    proxy.refuse();
    await eventually(() => expect(late.connected).toBe(false));
    await late.close();
    proxy.heal();
    expect(late.connected).toBe(false);
  });

  it('fails at once where the topology cannot be declared', async () => {
    await expect(RabbitBroker.connect({ url: host.url(proxy), log, deliveryLimit: 77 })).rejects.toThrow(
      'PRECONDITION_FAILED',
    );
  });
});
