import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { onEachDatabase, type DatabaseEngine } from '#testing/engines';
import { gate } from '#testing/gate';
import { ScriptProcess } from '#testing/script.process';
import { add, amountOf, openDatabase } from './counters.fixture.js';
import { Database, fromSqlTime, isConnectionProblem, isDuplicateKey, sqlTime } from './index.js';

onEachDatabase('a database', (engine) => {
  let database: Database;

  beforeAll(async () => {
    database = await openDatabase(engine, 'main');
    await database.migrate();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.transaction(async (tx) => {
      await tx.execute('DELETE FROM counters');
      await tx.execute('DELETE FROM notes');
      await tx.insert('counters', [
        { name: 'a', amount: 0 },
        { name: 'b', amount: 0 },
      ]);
    });
  });

  describe('transactions', () => {
    it('keep everything of a piece of work, or nothing', async () => {
      await database.transaction((tx) => add(tx, 'a', 5));
      const failing = database.transaction(async (tx) => {
        await add(tx, 'a', 100);
        await add(tx, 'b', 100);
        throw new Error('half way');
      });
      await expect(failing).rejects.toThrow('half way');
      expect([await amountOf(database, 'a'), await amountOf(database, 'b')]).toEqual([5, 0]);
    });

    it('do what is for afterwards once and only when they are committed, however often they were repeated', async () => {
      const done: string[] = [];
      let attempts = 0;
      await database.transaction(async (tx) => {
        attempts += 1;
        tx.afterCommit(() => done.push(`attempt ${attempts}`));
        tx.whenSettled(() => done.push(`outcome of attempt ${attempts}`));
        await add(tx, 'a', 1);
        if (attempts < 3) throw Object.assign(new Error('a victim of a deadlock'), { code: 'ER_LOCK_DEADLOCK' });
        expect(done).toEqual([]);
      });
      expect([done, await amountOf(database, 'a')]).toEqual([['attempt 3', 'outcome of attempt 3'], 1]);
      const failing = database.transaction(async (tx) => {
        tx.afterCommit(() => done.push('never'));
        tx.whenSettled(() => done.push('never'));
        throw new Error('half way');
      });
      await expect(failing).rejects.toThrow('half way');
      expect(done).toHaveLength(2);
    });

    it('show nothing to readers before they commit', async () => {
      expect(await amountOf(database, 'a')).toBe(0);
      const { opened, open } = gate();
      const written = gate();
      const work = database.transaction(async (tx) => {
        await add(tx, 'a', 1);
        written.open();
        await opened;
      });
      await written.opened;
      expect(await amountOf(database, 'a')).toBe(0);
      open();
      await work;
      expect(await amountOf(database, 'a')).toBe(1);
    });

    it('never mix: 100 parallel increments of one row make 100', async () => {
      await Promise.all(Array.from({ length: 100 }, () => database.transaction((tx) => add(tx, 'a', 1))));
      expect(await amountOf(database, 'a')).toBe(100);
    });

    it('do not take each other along when one of them fails', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 40 }, (_, index) =>
          database.transaction(async (tx) => {
            await add(tx, 'a', 1);
            await new Promise((resolve) => setImmediate(resolve));
            if (index % 2 === 1) throw new Error('odd');
          }),
        ),
      );
      expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(20);
      expect(await amountOf(database, 'a')).toBe(20);
    });

    it('refuse a statement that comes after their end', async () => {
      const leaked = await database.transaction(async (tx) => ({ tx }));
      await expect(leaked.tx.execute('DELETE FROM counters')).rejects.toThrow('the transaction has ended');
      await expect(leaked.tx.query('SELECT 1')).rejects.toThrow('the transaction has ended');
      expect(await amountOf(database, 'a')).toBe(0);
    });

    it('take writes whose outcome nobody asks for, in their order', async () => {
      await database.transaction(async (tx) => {
        await tx.insertLater('notes', { word: "it's; DROP -- \\' ? 签到", at: null });
        await tx.executeLater('UPDATE counters SET amount = amount + ? WHERE name = ?', [2, 'a']);
        expect(await tx.one('SELECT amount FROM counters WHERE name = ?', ['a'])).toEqual({ amount: 2 });
        await tx.executeLater('UPDATE counters SET amount = amount * ? WHERE name = ?', [3, 'a']);
        await tx.insertLater('notes', [{ word: 'one' }, { word: 'two' }]);
      });
      expect(await amountOf(database, 'a')).toBe(6);
      const words = await database.reader.query<{ word: string }>('SELECT word FROM notes ORDER BY id');
      expect(words.map(({ word }) => word)).toEqual(["it's; DROP -- \\' ? 签到", 'one', 'two']);
    });

    it('keep nothing when such a write fails, and say why', async () => {
      await database.transaction((tx) => tx.insertLater('notes', { word: 'same' }));
      const failure = await database
        .transaction(async (tx) => {
          await add(tx, 'a', 1);
          await tx.insertLater('notes', { word: 'new' });
          await tx.insertLater('notes', { word: 'same' });
        })
        .catch((error: unknown) => error);
      expect(isDuplicateKey(failure)).toBe(true);
      expect(await amountOf(database, 'a')).toBe(0);
      expect(await database.reader.query('SELECT word FROM notes')).toEqual([{ word: 'same' }]);
      expect(database.poolState()).toMatchObject({ active: 0, waiting: 0 });
    });

    it('take very many such writes', async () => {
      await database.transaction(async (tx) => {
        for (let index = 0; index < 230; index += 1) await tx.insertLater('notes', { word: `note ${index}` });
      });
      expect(await database.reader.query('SELECT id FROM notes')).toHaveLength(230);
    });

    it('may be asked several things at once from the beginning', async () => {
      const amounts = await database.transaction((tx) =>
        Promise.all(['a', 'b', 'a', 'b'].map((name) => tx.one('SELECT name FROM counters WHERE name = ?', [name]))),
      );
      expect(amounts).toEqual(['a', 'b', 'a', 'b'].map((name) => ({ name })));
    });

    it('leave nothing open when their first statement is refused', async () => {
      const refused = database.transaction((tx) => tx.insert('counters', { name: 'a', amount: 1 }));
      expect(isDuplicateKey(await refused.catch((error: unknown) => error))).toBe(true);
      await Promise.all(Array.from({ length: 30 }, () => database.transaction((tx) => add(tx, 'a', 1))));
      expect(await amountOf(database, 'a')).toBe(30);
    });

    it('read committed rows anew with every statement', async () => {
      const word = `word-${Math.random()}`;
      const count = () =>
        database.reader.one<{ count: number }>('SELECT COUNT(*) AS count FROM notes WHERE word = ?', [word]);
      expect((await count())?.count).toBe(0);
      await database.transaction((tx) => tx.insert('notes', { word }));
      expect((await count())?.count).toBe(1);
    });
  });

  describe('statements', () => {
    it('give the id of the first row and the number of rows of an insert', async () => {
      const one = await database.transaction((tx) => tx.insert('notes', { word: 'one' }));
      const many = await database.transaction((tx) =>
        tx.insert('notes', [{ word: 'two' }, { word: 'three' }, { word: 'four' }]),
      );
      const rows = await database.reader.query<{ id: number; word: string }>('SELECT id, word FROM notes ORDER BY id');
      expect(rows.map(({ word }) => word)).toEqual(['one', 'two', 'three', 'four']);
      expect(one).toEqual({ affected: 1, insertId: rows[0]?.id });
      expect(many).toEqual({ affected: 3, insertId: rows[1]?.id });
    });

    it('count the rows an update has found, changed or not', async () => {
      const update = () =>
        database.transaction((tx) => tx.execute('UPDATE counters SET amount = 7 WHERE name = ?', ['a']));
      expect(await update()).toEqual({ affected: 1, insertId: 0 });
      expect((await update()).affected).toBe(1);
    });

    it('tell a duplicate key from other errors, and go on', async () => {
      const insert = (word: string) => database.transaction((tx) => tx.insert('notes', { word }));
      await insert('same');
      const duplicate = await insert('same').catch((error: unknown) => error);
      const primary = await database
        .transaction((tx) => tx.insert('counters', { name: 'a', amount: 1 }))
        .catch((error: unknown) => error);
      const wrong = await database.reader.query('SELECT nothing FROM nowhere').catch((error: unknown) => error);
      expect([duplicate, primary, wrong].map(isDuplicateKey)).toEqual([true, true, false]);
      expect([duplicate, wrong].map(isConnectionProblem)).toEqual([false, false]);
      await insert('other');
      expect(await database.reader.query('SELECT id FROM notes')).toHaveLength(2);
    });

    it('upsert: insert, then update what is named and keep the rest', async () => {
      const upsert = (amount: number, update?: string[]) =>
        database.transaction((tx) =>
          tx.upsert('counters', { name: 'new', amount }, { conflict: ['name'], ...(update && { update }) }),
        );
      await upsert(1);
      expect(await amountOf(database, 'new')).toBe(1);
      await upsert(2);
      expect(await amountOf(database, 'new')).toBe(1);
      await upsert(3, ['amount']);
      expect(await amountOf(database, 'new')).toBe(3);
    });

    it('upsert: adds to what is there, for new rows and known ones in one statement', async () => {
      const add = (rows: { name: string; amount: number }[]) =>
        database.transaction((tx) => tx.upsert('counters', rows, { conflict: ['name'], add: ['amount'] }));
      await add([{ name: 'sum', amount: 2 }]);
      await Promise.all(
        Array.from({ length: 20 }, () =>
          add([
            { name: 'sum', amount: 3 },
            { name: 'other', amount: 1 },
          ]),
        ),
      );
      expect(await amountOf(database, 'sum')).toBe(62);
      expect(await amountOf(database, 'other')).toBe(20);
    });

    it('upsert locks a row that may not exist yet: parallel first uses all count', async () => {
      const use = () =>
        database.transaction(async (tx) => {
          await tx.upsert('counters', { name: 'first', amount: 0 }, { conflict: ['name'] });
          await add(tx, 'first', 1);
        });
      await Promise.all(Array.from({ length: 30 }, use));
      expect(await amountOf(database, 'first')).toBe(30);
    });

    it('give times back to the millisecond, in one form', async () => {
      const times = [
        '2026-01-02T03:04:05.678Z',
        '2026-01-02T03:04:05.000Z',
        '2026-12-31T00:00:00.000Z',
        '2026-03-29T01:30:00.010Z',
      ];
      await database.transaction((tx) =>
        tx.insert(
          'notes',
          times.map((time, index) => ({ word: `time ${index}`, at: sqlTime(new Date(time)) })),
        ),
      );
      const rows = await database.reader.query<{ at: string }>('SELECT at FROM notes ORDER BY word');
      expect(rows.map(({ at }) => at)).toEqual(times.map((time) => time.replace('T', ' ').replace('Z', '')));
      expect(rows.map(({ at }) => fromSqlTime(at).toISOString())).toEqual(times);
    });

    it('let the engine set a time in UTC', async () => {
      const before = Date.now();
      await database.transaction((tx) => tx.insert('notes', { word: 'now' }));
      const row = await database.reader.one<{ made_at: string }>('SELECT made_at FROM notes');
      const madeAt = fromSqlTime(row?.made_at ?? '').getTime();
      expect(madeAt).toBeGreaterThanOrEqual(before - 1000);
      expect(madeAt).toBeLessThanOrEqual(Date.now() + 1000);
    });

    it('sum to a number', async () => {
      await database.transaction((tx) => tx.execute('UPDATE counters SET amount = 9007199254740000'));
      const row = await database.reader.one<{ sum: number }>(
        "SELECT SUM(amount) AS sum FROM counters WHERE name = 'a'",
      );
      expect(row?.sum).toBe(9_007_199_254_740_000);
    });

    it('keep texts in every script', async () => {
      await database.transaction((tx) => tx.insert('notes', { word: '签到 🎉 Привет' }));
      expect(await database.reader.one('SELECT word FROM notes')).toEqual({ word: '签到 🎉 Привет' });
    });
  });

  describe('named locks', () => {
    it('have one holder at a time', async () => {
      const lock = await database.acquireLock('relay');
      expect(await database.acquireLock('relay')).toBeNull();
      const other = await database.acquireLock('other');
      expect([await lock?.isHeld(), await other?.isHeld()]).toEqual([true, true]);
      await lock?.release();
      expect(await lock?.isHeld()).toBe(false);
      const next = await database.acquireLock('relay');
      expect(await next?.isHeld()).toBe(true);
      // Released twice by mistake: the next holder keeps it.
      await lock?.release();
      expect(await next?.isHeld()).toBe(true);
      await Promise.all([next?.release(), other?.release()]);
    });
  });

  describe('opened twice in one process', () => {
    let other: Database;
    beforeAll(async () => {
      other = await openDatabase(engine, 'main');
    });
    afterAll(() => other.close());

    it('knows who has a named lock', async () => {
      const lock = await database.acquireLock('shared');
      expect(await other.acquireLock('shared')).toBeNull();
      await lock?.release();
      const next = await other.acquireLock('shared');
      expect([await lock?.isHeld(), await next?.isHeld()]).toEqual([false, true]);
      await next?.release();
    });

    it('lets transactions take turns instead of standing still', async () => {
      const work = Array.from({ length: 40 }, (_, index) =>
        (index % 2 === 0 ? database : other).transaction(async (tx) => {
          await add(tx, 'a', 1);
          await new Promise((resolve) => setImmediate(resolve));
        }),
      );
      await Promise.all(work);
      expect(await amountOf(database, 'a')).toBe(40);
    });
  });

  describe('migrations', () => {
    it('run once, however often they are asked for', async () => {
      const other = await openDatabase(engine, 'again');
      await other.migrate();
      await other.transaction((tx) => tx.insert('notes', { word: 'kept' }));
      await other.migrate();
      expect(await other.reader.query('SELECT word FROM notes')).toEqual([{ word: 'kept' }]);
      await other.close();
    });

    it('are safe when two processes start at once', async () => {
      const processes = [1, 2].map(() => ScriptProcess.start(migrateScript(engine)));
      expect(
        await Promise.all(processes.map(({ exited }) => exited)),
        processes.map(({ text }) => text).join('\n'),
      ).toEqual([0, 0]);
      const other = await Database.open({ ...engine.place, service: 'twice', entities: [], migrations: [] });
      expect(await other.reader.query('SELECT word FROM slow ORDER BY word')).toEqual([{ word: 'a' }, { word: 'b' }]);
      await other.close();
    });
  });

  it('answers a ping and tells how busy it is', async () => {
    await database.ping();
    const { opened, open } = gate();
    const held = database.transaction(async (tx) => {
      await tx.query('SELECT 1');
      await opened;
    });
    await eventually(() => expect(database.poolState().active).toBe(1));
    open();
    await held;
    expect(database.poolState()).toMatchObject({ active: 0, waiting: 0 });
  });
});

/** Two steps with a pause of the engine in between, so that two processes would meet there. */
function migrateScript(engine: DatabaseEngine): string {
  const slowly =
    engine.dialect === 'mysql'
      ? 'SELECT SLEEP(0.3)'
      : 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT COUNT(*) FROM n';
  return `
    import { Database } from '#database';
    class CreateSlow1700000000001 {
      async up(runner) {
        await runner.query('CREATE TABLE slow (word VARCHAR(8) NOT NULL)');
        await runner.query("INSERT INTO slow (word) VALUES ('a')");
        await runner.query('${slowly}');
        await runner.query("INSERT INTO slow (word) VALUES ('b')");
      }
    }
    const place = ${JSON.stringify(engine.place)};
    const database = await Database.open({ ...place, service: 'twice', entities: [], migrations: [CreateSlow1700000000001] });
    await database.migrate();
    await database.close();`;
}
