import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { eventQueueNames, type Call } from '#contracts';
import { Database, sqlTime } from '#database';
import { eventually } from '#testing';
import { onEachDatabase, onMysql, type DatabaseEngine } from '#testing/engines';
import { gate } from '#testing/gate';
import { TcpProxy } from '#testing/tcp-proxy';
import { InboxAndOutbox1700000000000, MemoryBroker, OutboxRelay, outboxState, silentObserver } from './index.js';
import type { EventMessage, MessagingObserver } from './index.js';
import { putIntoOutbox } from './outbox.store.js';

const call: Call = { request_id: 'r1', actor: { kind: 'system', name: 'test' }, channel: 'system', locale: 'en' };
const now = new Date('2026-01-02T03:04:05.678Z');

function fact(id: string): EventMessage {
  return { id, name: 'points.checked_in.v1', service: 'points', occurred_at: now.toISOString(), call, payload: { id } };
}

/** A relay with a broker and readers of its own. */
class Station {
  readonly heard: string[] = [];
  readonly failures: unknown[] = [];
  published = 0;
  readonly broker = new MemoryBroker();
  readonly relay: OutboxRelay;

  constructor(database: Database) {
    const observer: MessagingObserver = {
      ...silentObserver,
      relayFailed: (error) => void this.failures.push(error),
      eventsPublished: (count) => void (this.published += count),
    };
    this.relay = new OutboxRelay(database, this.broker, observer);
  }

  async listen(): Promise<this> {
    for (const queue of eventQueueNames) {
      const keep = async (batch: readonly EventMessage[]): Promise<void> =>
        void this.heard.push(...batch.map(({ id }) => id));
      await this.broker.subscribe(queue, queue === 'events.audit' ? keep : async () => undefined);
    }
    return this;
  }
}

let serial = 0;

/** A new database for each test, so that what one relay left cannot help the next. */
function openDatabase(engine: DatabaseEngine, place = engine.place, service = `relay${serial}`): Promise<Database> {
  return Database.open({ ...place, service, entities: [], migrations: [InboxAndOutbox1700000000000] });
}

onEachDatabase('the outbox relay', (engine) => {
  let database: Database;
  let stations: Station[];

  beforeEach(async () => {
    serial += 1;
    stations = [];
    database = await openDatabase(engine);
    await database.migrate();
  });
  afterEach(async () => {
    await Promise.all(stations.map(({ relay }) => relay.stop()));
    await database.close();
  });

  const station = (on = database): Station => {
    const made = new Station(on);
    stations.push(made);
    return made;
  };
  const write = (...ids: string[]): Promise<void> =>
    database.transaction((tx) => putIntoOutbox(tx, ids.map(fact), now));
  const pending = async (): Promise<number> => (await outboxState(database.reader)).pending;

  it('publishes what is committed, in order, and empties the outbox', async () => {
    const { relay, heard } = await station().listen();
    relay.start();
    const ids = Array.from({ length: 450 }, (_, index) => `e${index}`);
    for (let start = 0; start < ids.length; start += 30) {
      await write(...ids.slice(start, start + 30));
      relay.wake();
    }
    await eventually(() => expect(heard).toHaveLength(450));
    expect(heard).toEqual(ids);
    await eventually(async () => expect(await pending()).toBe(0));
  });

  it('publishes rows that were written one by one before events shared a row', async () => {
    const { relay, heard } = await station().listen();
    await database.transaction((tx) =>
      tx.insert('outbox', { message: JSON.stringify(fact('old')), created_at: sqlTime(now) }),
    );
    relay.start();
    await eventually(() => expect(heard).toEqual(['old']));
  });

  it('spreads a transaction of many events over several rows', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => `m${index}`);
    await write(...ids);
    expect(await pending()).toBe(3);
    const { relay, heard } = await station().listen();
    relay.start();
    await eventually(() => expect(heard).toEqual(ids));
  });

  it('publishes without being woken', async () => {
    const { relay, heard } = await station().listen();
    relay.start();
    await write('quiet');
    await eventually(() => expect(heard).toEqual(['quiet']));
  });

  it('loses nothing and keeps the order while the broker takes nothing', async () => {
    const made = station();
    made.relay.start();
    await write('a', 'b');
    made.relay.wake();
    await eventually(() => expect(made.failures.length).toBeGreaterThan(0));
    await write('c');
    expect(await pending()).toBe(2);
    await made.listen();
    await eventually(() => expect(made.heard).toEqual(['a', 'b', 'c']));
    await eventually(() => expect(made.published).toBe(3));
  });

  it('publishes what was committed just before its stop', async () => {
    const { relay, heard } = await station().listen();
    relay.start();
    await write('first');
    await eventually(() => expect(heard).toEqual(['first']));
    await write('last');
    await relay.stop();
    expect(heard).toEqual(['first', 'last']);
    expect(await pending()).toBe(0);
  });

  it('runs once on a database; when it stops, the other one goes on', async () => {
    const [first, second] = [await station().listen(), await station().listen()];
    first.relay.start();
    await write('a');
    await eventually(() => expect(first.heard).toEqual(['a']));
    second.relay.start();
    for (const id of ['b', 'c', 'd']) {
      await write(id);
      first.relay.wake();
      second.relay.wake();
    }
    await eventually(() => expect(first.heard).toEqual(['a', 'b', 'c', 'd']));
    expect(second.heard).toEqual([]);
    await first.relay.stop();
    await write('e');
    await eventually(() => expect(second.heard).toEqual(['e']));
    expect(first.heard).toHaveLength(4);
  });
});

onMysql('the outbox relay under faults', (engine) => {
  const opened: Database[] = [];
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
  });

  const open = async (place = engine.place): Promise<Database> => {
    const database = await openDatabase(engine, place);
    opened.push(database);
    await database.migrate();
    return database;
  };

  it('publishes a row with a smaller id that is committed later', async () => {
    serial += 1;
    const database = await open();
    const { relay, heard } = await new Station(database).listen();
    relay.start();
    const written = gate();
    const late = gate();
    const slow = database.transaction(async (tx) => {
      await putIntoOutbox(tx, [fact('small id')], now);
      written.open();
      await late.opened;
    });
    await written.opened;
    await database.transaction((tx) => putIntoOutbox(tx, [fact('large id')], now));
    await eventually(() => expect(heard).toEqual(['large id']));
    late.open();
    await slow;
    await eventually(() => expect(heard).toEqual(['large id', 'small id']));
    await relay.stop();
  });

  it('is taken over when the connections of the one that runs it die', async () => {
    serial += 1;
    const url = new URL(engine.place.mysqlUrl ?? '');
    const proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    url.host = `127.0.0.1:${proxy.port}`;
    const far = await open({ ...engine.place, mysqlUrl: url.href });
    const near = await open();
    const [holder, other] = [await new Station(far).listen(), await new Station(near).listen()];
    holder.relay.start();
    await near.transaction((tx) => putIntoOutbox(tx, [fact('a')], now));
    await eventually(() => expect(holder.published).toBe(1));
    other.relay.start();
    proxy.refuse();
    await near.transaction((tx) => putIntoOutbox(tx, [fact('b')], now));
    await eventually(() => expect(other.heard).toEqual(['b']));
    proxy.heal();
    await near.transaction((tx) => putIntoOutbox(tx, [fact('c')], now));
    await eventually(() => expect(new Set([...holder.heard, ...other.heard])).toEqual(new Set(['a', 'b', 'c'])));
    await Promise.all([holder.relay.stop(), other.relay.stop()]);
    await proxy.stop();
  });
});
