import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError, defineCommand, defineEvent, defineQuery, type Call } from '#contracts';
import {
  Database,
  fromSqlTime,
  runStatements,
  schemaWords,
  type MigrationInterface,
  type QueryRunner,
} from '#database';
import { eventually } from '#testing';
import { onEachDatabase, onMysql, type DatabaseEngine } from '#testing/engines';
import { gate } from '#testing/gate';
import { TcpProxy } from '#testing/tcp-proxy';
import {
  commandId,
  forgetHandled,
  InboxAndOutbox1700000000000,
  NotNowError,
  outboxState,
  Refusal,
  UnitOfWork,
} from './index.js';
import type { CommandContext, EventMessage, Reply, RequestMessage } from './index.js';

const TakeNote = defineCommand({
  name: 'points.take_note.v1',
  summary: 'Writes a note',
  input: z.object({ word: z.string().min(1), times: z.int().default(1) }),
  output: z.object({ id: z.int(), word: z.string() }),
});
const TakeSecret = defineCommand({ ...TakeNote, name: 'points.take_secret.v1', secretReply: true });
const CountNotes = defineQuery({
  name: 'points.count_notes.v1',
  summary: 'How many notes there are',
  input: z.object({}),
  output: z.object({ notes: z.int() }),
});
const NoteTaken = defineEvent({
  name: 'points.note_taken.v1',
  summary: 'A note was written',
  payload: z.object({ word: z.string() }),
});

class CreateNotes1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { autoId, tableEnd } = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE notes (id ${autoId}, word VARCHAR(64) NOT NULL, CONSTRAINT notes_word UNIQUE (word)) ${tableEnd}`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notes');
  }
}

const now = new Date('2026-01-02T03:04:05.678Z');
const call: Call = {
  request_id: 'r1',
  actor: { kind: 'user', user_id: 7, role: 'member' },
  channel: 'rest',
  locale: 'en',
};

function wish(key: string, input: unknown = { word: key }, contract = TakeNote.name): RequestMessage {
  return { id: commandId(contract, call.actor, key), contract, call, input };
}

function fact(id: string, word = id): EventMessage {
  return { id, name: NoteTaken.name, service: 'points', occurred_at: now.toISOString(), call, payload: { word } };
}

function openDatabase(engine: DatabaseEngine, place = engine.place): Promise<Database> {
  const migrations = [InboxAndOutbox1700000000000, CreateNotes1700000000001];
  return Database.open({ ...place, service: 'points', entities: [], migrations });
}

/** The handler under test: one effect and one event. */
async function takeNote(input: unknown, { tx, emit }: CommandContext): Promise<{ id: number; word: string }> {
  const { word } = TakeNote.input.parse(input);
  const { insertId } = await tx.insert('notes', { word });
  emit(NoteTaken, { word }, { user_id: 7, before: {}, after: { word } });
  return { id: insertId, word };
}

onEachDatabase('a unit of work', (engine) => {
  let database: Database;
  let unitOfWork: UnitOfWork;
  let wakeUps = 0;

  beforeAll(async () => {
    database = await openDatabase(engine);
    await database.migrate();
    unitOfWork = new UnitOfWork({
      service: 'points',
      database,
      clock: { now: () => now },
      onEvents: () => void (wakeUps += 1),
    });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    wakeUps = 0;
    await database.transaction(async (tx) => {
      for (const table of ['notes', 'inbox', 'outbox']) await tx.execute(`DELETE FROM ${table}`);
    });
  });

  /** What is in the database: notes, rows of the inbox, events in the outbox. */
  const rows = async (): Promise<number[]> => {
    const counts = ['notes', 'inbox'].map((table) =>
      database.reader.one<{ count: number }>(`SELECT COUNT(*) AS count FROM ${table}`),
    );
    const outbox = await database.reader.query<{ message: string }>('SELECT message FROM outbox');
    const events = outbox.flatMap(({ message }) => JSON.parse(message) as unknown[]);
    return [...(await Promise.all(counts)).map((row) => row?.count ?? -1), events.length];
  };
  const handle = async (message: RequestMessage, invoke = takeNote): Promise<Reply> =>
    unitOfWork.handleCommand(unitOfWork.accept(TakeNote, message), invoke);
  const refusal = (name: string, params = {}): Reply => ({ ok: false, error: { name, params } }) as Reply;

  describe('of a command', () => {
    it('writes the effect, the memory and the event together, and wakes the relay', async () => {
      const reply = await handle(wish('a'));
      expect(reply).toMatchObject({ ok: true, output: { word: 'a' } });
      expect(await rows()).toEqual([1, 1, 1]);
      expect(wakeUps).toBe(1);
      const row = await database.reader.one<{ message: string; created_at: string }>(
        'SELECT message, created_at FROM outbox',
      );
      expect(JSON.parse(row?.message ?? '')).toMatchObject([
        {
          name: NoteTaken.name,
          service: 'points',
          occurred_at: now.toISOString(),
          call,
          payload: { word: 'a' },
          change: { user_id: 7, before: {}, after: { word: 'a' } },
        },
      ]);
      expect(fromSqlTime(row?.created_at ?? '')).toEqual(now);
      expect(await outboxState(database.reader)).toEqual({ pending: 1, oldestAt: row?.created_at });
    });

    it('leaves nothing when the handler breaks after its effect, and can be tried again', async () => {
      const breaking = handle(wish('a'), async (input, context) => {
        await takeNote(input, context);
        throw new TypeError('a bug');
      });
      await expect(breaking).rejects.toThrow('a bug');
      expect(await rows()).toEqual([0, 0, 0]);
      expect(wakeUps).toBe(0);
      expect(await handle(wish('a'))).toMatchObject({ ok: true });
    });

    it('leaves nothing when the reply does not fit the contract', async () => {
      const wrong = handle(wish('a'), async (input, context) => ({
        ...(await takeNote(input, context)),
        word: 7 as unknown as string,
      }));
      await expect(wrong).rejects.toThrow(z.ZodError);
      expect(await rows()).toEqual([0, 0, 0]);
    });

    it('fills in defaults and refuses what does not fit, without remembering it', async () => {
      const inputs: unknown[] = [];
      await handle(wish('a', { word: 'a' }), async (input, context) => {
        inputs.push(input);
        return takeNote(input, context);
      });
      expect(inputs).toEqual([{ word: 'a', times: 1 }]);
      const invalid = await handle(wish('b', { word: '' })).catch((error: unknown) => error);
      expect(invalid).toMatchObject({ errorName: 'request.invalid', params: { problems: [{ path: 'word' }] } });
      expect(await rows()).toEqual([1, 1, 1]);
    });

    it('gives a repeat the remembered reply and has no second effect', async () => {
      const first = await handle(wish('a'));
      expect(await handle(wish('a'))).toEqual(first);
      expect(await rows()).toEqual([1, 1, 1]);
      expect(wakeUps).toBe(1);
    });

    it('gives 50 at once with one id one effect and the same reply', async () => {
      const replies = await Promise.all(Array.from({ length: 50 }, () => handle(wish('a'))));
      expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
      expect(replies[0]).toMatchObject({ ok: true });
      expect(await rows()).toEqual([1, 1, 1]);
    });

    it('gives one effect where the handler has no unique index of its own to lean on', async () => {
      const blindly = async (input: unknown, { tx }: CommandContext) => {
        const { insertId } = await tx.insert('notes', { word: `any ${Math.random()}` });
        return { id: insertId, word: TakeNote.input.parse(input).word };
      };
      const replies = await Promise.all(Array.from({ length: 20 }, () => handle(wish('a'), blindly)));
      expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
      expect(await rows()).toEqual([1, 1, 0]);
    });

    it('refuses the same key for another input, before and after the handler would have', async () => {
      await handle(wish('a', { word: 'one' }));
      expect(await handle(wish('a', { word: 'two' }))).toEqual(refusal('idempotency.key_reused'));
      expect(await handle(wish('a', { word: 'one', times: 1 }))).toEqual(refusal('idempotency.key_reused'));
      const refusing = async (): Promise<never> => Promise.reject(new AppError('user.banned'));
      expect(await handle(wish('a', { word: 'two' }), refusing)).toEqual(refusal('idempotency.key_reused'));
      expect(await rows()).toEqual([1, 1, 1]);
    });

    it('does not mind the order of the keys of an input', async () => {
      const first = await handle(wish('a', { word: 'a', times: 2 }));
      expect(await handle(wish('a', { times: 2, word: 'a' }))).toEqual(first);
    });

    it('remembers a refusal, even when the state has changed since, and undoes what came before it', async () => {
      const refusing = async (input: unknown, context: CommandContext): Promise<never> => {
        await takeNote(input, context);
        throw new AppError('points.insufficient_balance', { balance: 1, required: 2 });
      };
      const expected = refusal('points.insufficient_balance', { balance: 1, required: 2 });
      expect(await handle(wish('a'), refusing)).toEqual(expected);
      expect(await rows()).toEqual([0, 1, 0]);
      expect(await handle(wish('a'))).toEqual(expected);
      expect(await rows()).toEqual([0, 1, 0]);
    });

    it('does not remember a refusal that may be gone a moment later', async () => {
      const busy = async (): Promise<never> =>
        Promise.reject(new AppError('system.rate_limited', { retry_after_seconds: 3 }));
      expect(await handle(wish('a'), busy)).toEqual(refusal('system.rate_limited', { retry_after_seconds: 3 }));
      expect(await rows()).toEqual([0, 0, 0]);
      expect(await handle(wish('a'))).toMatchObject({ ok: true });
    });

    it('keeps the effects of a refusal that was returned instead of thrown', async () => {
      const counting = async (input: unknown, context: CommandContext): Promise<never> => {
        await takeNote(input, context);
        return new Refusal(new AppError('auth.refresh_token_reused')) as never;
      };
      expect(await handle(wish('a'), counting)).toEqual(refusal('auth.refresh_token_reused'));
      expect(await rows()).toEqual([1, 1, 1]);
      expect(await handle(wish('a'))).toEqual(refusal('auth.refresh_token_reused'));
    });

    it('does not write down a reply that holds a secret', async () => {
      const take = async () =>
        unitOfWork.handleCommand(
          unitOfWork.accept(TakeSecret, wish('a', { word: 'token-7' }, TakeSecret.name)),
          takeNote,
        );
      expect(await take()).toMatchObject({ ok: true, output: { word: 'token-7' } });
      expect(await take()).toMatchObject({ ok: false });
      const memory = await database.reader.one<{ reply: string }>('SELECT reply FROM inbox');
      expect(memory?.reply).not.toContain('token-7');
      expect((await rows())[0]).toBe(1);
    });

    it('lets nobody emit or write after the handler has returned', async () => {
      let leaked: CommandContext | undefined;
      await handle(wish('a'), async (input, context) => {
        leaked = context;
        return takeNote(input, context);
      });
      expect(() => leaked?.emit(NoteTaken, { word: 'late' })).toThrow('after its handler had returned');
      await expect(leaked?.tx.insert('notes', { word: 'late' })).rejects.toThrow('the transaction has ended');
      expect(await rows()).toEqual([1, 1, 1]);
    });
  });

  describe('of events', () => {
    const hear = (batch: readonly EventMessage[]): Promise<{ handled: number }> =>
      unitOfWork.handleEvents(batch, async (message, context) => void (await takeNote(message.payload, context)));

    it('handles each once, however often it is delivered', async () => {
      expect(await hear([fact('a'), fact('b'), fact('a')])).toMatchObject({ handled: 2 });
      expect(await hear([fact('b'), fact('c')])).toMatchObject({ handled: 1 });
      expect(await hear([fact('a'), fact('b'), fact('c')])).toMatchObject({ handled: 0 });
      expect(await rows()).toEqual([3, 3, 3]);
      expect(wakeUps).toBe(2);
    });

    it('leaves nothing of a batch in which one breaks', async () => {
      await expect(hear([fact('a'), fact('b', 'a')])).rejects.toThrow();
      expect(await rows()).toEqual([0, 0, 0]);
      expect(await hear([fact('a')])).toMatchObject({ handled: 1 });
    });

    it('has one effect when the same batch is delivered to two at once', async () => {
      const batch = [fact('a'), fact('b')];
      await Promise.allSettled(Array.from({ length: 5 }, () => hear(batch)));
      await hear(batch);
      expect(await rows()).toEqual([2, 2, 2]);
    });
  });

  it('of a query reads committed rows and checks input and output', async () => {
    await handle(wish('a'));
    const message: RequestMessage = { id: 'q', contract: CountNotes.name, call, input: {} };
    const count = await unitOfWork.answerQuery(CountNotes, message, async (_, { reader }) =>
      reader.one('SELECT COUNT(*) AS notes FROM notes'),
    );
    expect(count).toEqual({ ok: true, output: { notes: 1 } });
    await expect(unitOfWork.answerQuery(CountNotes, message, async () => ({ notes: 'many' }))).rejects.toThrow(
      z.ZodError,
    );
  });

  it('of a loop of the service itself emits in the name of its part and keeps no memory', async () => {
    expect(await unitOfWork.runAs('sender', (context) => takeNote({ word: 'a' }, context))).toMatchObject({
      word: 'a',
    });
    expect(await rows()).toEqual([1, 0, 1]);
    const row = await database.reader.one<{ message: string }>('SELECT message FROM outbox');
    expect(JSON.parse(row?.message ?? '')).toMatchObject([
      { call: { actor: { kind: 'system', name: 'sender' }, channel: 'system' } },
    ]);
  });

  it('forgets old memories a bounded number at a time', async () => {
    for (const word of ['a', 'b', 'c']) await handle(wish(word));
    expect(await database.transaction((tx) => forgetHandled(tx, now, 10))).toBe(0);
    const later = new Date(now.getTime() + 1);
    expect(await database.transaction((tx) => forgetHandled(tx, later, 2))).toBe(2);
    expect(await rows()).toEqual([3, 1, 3]);
  });
});

onMysql('a unit of work under faults', (engine) => {
  it('has the event wait while the database is away', async () => {
    const url = new URL(engine.place.mysqlUrl ?? '');
    const proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    url.host = `127.0.0.1:${proxy.port}`;
    const database = await openDatabase(engine, { ...engine.place, mysqlUrl: url.href });
    await database.migrate();
    const unitOfWork = new UnitOfWork({
      service: 'points',
      database,
      clock: { now: () => now },
      onEvents: () => undefined,
    });
    const hear = () =>
      unitOfWork.handleEvents([fact('a')], async (message, context) => void (await takeNote(message.payload, context)));
    proxy.refuse();
    await expect(hear()).rejects.toThrow(NotNowError);
    proxy.heal();
    await eventually(hear);
    // The connection breaks while the handler works.
    const { opened, open } = gate();
    const working = unitOfWork.handleEvents([fact('b')], async ({ payload }, context) => {
      await takeNote(payload, context);
      proxy.cut();
      await opened;
      await context.tx.query('SELECT 1');
    });
    open();
    await expect(working).rejects.toThrow(NotNowError);
    await eventually(async () =>
      expect(await database.reader.query('SELECT word FROM notes')).toEqual([{ word: 'a' }]),
    );
    await database.close();
    await proxy.stop();
  });
});
