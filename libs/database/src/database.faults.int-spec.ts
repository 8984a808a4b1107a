import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '#testing';
import { onMysql } from '#testing/engines';
import { gate } from '#testing/gate';
import { ScriptProcess } from '#testing/script.process';
import { TcpProxy } from '#testing/tcp-proxy';
import { add, amountOf, openDatabase } from './counters.fixture.js';
import { Database, isConnectionProblem } from './index.js';

/** A process that has to load everything first, beside many others. */
const processStartMs = 45_000;

onMysql('a database under faults', (engine) => {
  let database: Database;

  beforeAll(async () => {
    database = await openDatabase(engine, 'faults', { poolSize: 4 });
    await database.migrate();
    await database.transaction((tx) =>
      tx.insert('counters', [
        { name: 'a', amount: 0 },
        { name: 'b', amount: 0 },
      ]),
    );
  });
  afterAll(() => database.close());

  it('repeats a transaction that was chosen as a victim of a deadlock', async () => {
    let attempts = 0;
    let bothHoldOne = 0;
    const both = gate();
    const crosswise = (first: string, second: string) =>
      database.transaction(async (tx) => {
        attempts += 1;
        await add(tx, first, 1);
        bothHoldOne += 1;
        if (bothHoldOne === 2) both.open();
        await both.opened;
        await add(tx, second, 1);
      });
    await Promise.all([crosswise('a', 'b'), crosswise('b', 'a')]);
    expect(attempts).toBeGreaterThan(2);
    expect([await amountOf(database, 'a'), await amountOf(database, 'b')]).toEqual([2, 2]);
  });

  it('sets up every connection of the pool, the first one too', async () => {
    const settings = await Promise.all(
      Array.from({ length: 12 }, () =>
        database.transaction((tx) =>
          tx.one("SHOW VARIABLES WHERE Variable_name IN ('tx_isolation', 'transaction_isolation')"),
        ),
      ),
    );
    for (const setting of settings) expect(setting).toMatchObject({ Value: 'READ-COMMITTED' });
  });

  it('does not put a connection that died in a transaction back into the pool', async () => {
    const { opened, open } = gate();
    const written = gate();
    const dying = database
      .transaction(async (tx) => {
        await tx.execute('UPDATE counters SET amount = 1000 WHERE name = ?', ['a']);
        written.open();
        await opened;
        await tx.query('SELECT 1');
      })
      .catch((error: unknown) => error);
    // Not before: a transaction whose first statement has not been answered begins anew on another connection.
    await written.opened;
    expect(database.poolState().active).toBe(1);
    expect(await engine.killConnections()).toBeGreaterThan(0);
    open();
    expect(isConnectionProblem(await dying)).toBe(true);
    const amounts = await Promise.all(Array.from({ length: 8 }, () => amountOf(database, 'a')));
    expect(amounts).toEqual(Array.from({ length: 8 }, () => 2));
    expect(database.poolState()).toMatchObject({ active: 0, waiting: 0 });
  });

  it('does not let readers feel that connections were cut', async () => {
    const warm = Array.from({ length: 4 }, () => amountOf(database, 'a'));
    await Promise.all(warm);
    let cut = false;
    const readOn = async (): Promise<void> => {
      for (let more = 20; more > 0; more -= cut ? 1 : 0) expect(await amountOf(database, 'a')).toBe(2);
    };
    await Promise.all([engine.killConnections().finally(() => (cut = true)), ...Array.from({ length: 4 }, readOn)]);
  });

  it('gives up on a server that has fallen silent, and works again when it is back', async () => {
    const url = new URL(engine.place.mysqlUrl ?? '');
    const proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    url.host = `127.0.0.1:${proxy.port}`;
    const far = await Database.open({
      dataDirectory: engine.place.dataDirectory,
      mysqlUrl: url.href,
      service: 'faults',
      statementTimeoutMs: 300,
      entities: [],
      migrations: [],
    });
    // On a busy machine even a server that is there may take longer than that.
    await eventually(() => far.ping());
    proxy.stall();
    const failure = await far.transaction((tx) => tx.query('SELECT 1')).catch((error: unknown) => error);
    expect(isConnectionProblem(failure)).toBe(true);
    proxy.heal();
    await eventually(() => far.ping());
    await far.close();
    await proxy.stop();
  });

  it('frees a named lock when its holder is killed', async () => {
    const holder = ScriptProcess.start(`
      import { Database } from '#database';
      const place = ${JSON.stringify(engine.place)};
      const database = await Database.open({ ...place, service: 'faults', entities: [], migrations: [] });
      const lock = await database.acquireLock('relay');
      console.log(lock ? 'holding' : 'refused');`);
    await eventually(() => expect(holder.text).toContain('holding'), { timeoutMs: processStartMs });
    expect(await database.acquireLock('relay')).toBeNull();
    await holder.kill();
    const lock = await eventually(async () => {
      const taken = await database.acquireLock('relay');
      expect(taken).not.toBeNull();
      return taken;
    });
    await lock?.release();
  });

  it('notices that a named lock is lost with its connection', async () => {
    const lock = await database.acquireLock('relay');
    await engine.killConnections();
    expect(await lock?.isHeld()).toBe(false);
    // The server closes the connection first and frees what it held a moment later.
    const next = await eventually(async () => {
      const taken = await database.acquireLock('relay');
      expect(taken).not.toBeNull();
      return taken;
    });
    expect(await next?.isHeld()).toBe(true);
    await Promise.all([lock?.release(), next?.release()]);
  });
});
