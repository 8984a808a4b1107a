import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError, defineCommand, defineEvent, type Call } from '#contracts';
import { Database, runStatements, schemaWords, type MigrationInterface, type QueryRunner } from '#database';
import { onEachDatabase } from '#testing/engines';
import { commandId, InboxAndOutbox1700000000000, UnitOfWork } from './index.js';
import type { CommandTurn, EventMessage, Reply, RequestMessage } from './index.js';

const TakeSeat = defineCommand({
  name: 'points.take_seat.v1',
  summary: 'Takes a seat',
  input: z.object({ seat: z.string().min(1) }),
  output: z.object({ seat: z.string() }),
});
const SeatTaken = defineEvent({
  name: 'points.seat_taken.v1',
  summary: 'A seat was taken',
  payload: z.object({ seat: z.string() }),
});

class CreateSeats1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { autoId, tableEnd } = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE seats (id ${autoId}, user_id BIGINT NOT NULL, seat VARCHAR(64) NOT NULL,
       CONSTRAINT uq_seats_seat UNIQUE (seat)) ${tableEnd}`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE seats');
  }
}

const callOf = (userId: number): Call => ({
  request_id: `r${userId}`,
  actor: { kind: 'user', user_id: userId, role: 'member' },
  channel: 'rest',
  locale: 'en',
});

function wish(userId: number, seat: string, key = seat): RequestMessage {
  const call = callOf(userId);
  return { id: commandId(TakeSeat.name, call.actor, key), contract: TakeSeat.name, call, input: { seat } };
}

onEachDatabase('commands handled together', (engine) => {
  let database: Database;
  let unitOfWork: UnitOfWork;
  /** How many commands each transaction was begun with. */
  const batches: number[] = [];

  beforeAll(async () => {
    const migrations = [InboxAndOutbox1700000000000, CreateSeats1700000000001];
    database = await Database.open({ ...engine.place, service: 'points', entities: [], migrations });
    await database.migrate();
    const clock = { now: () => new Date('2026-01-02T03:04:05.678Z') };
    unitOfWork = new UnitOfWork({ service: 'points', database, clock, onEvents: () => undefined });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    batches.length = 0;
    await database.transaction(async (tx) => {
      for (const table of ['seats', 'inbox', 'outbox']) await tx.execute(`DELETE FROM ${table}`);
    });
  });

  /** Seats of the balcony are refused before anything is written; a seat can be taken once. */
  async function takeSeats(turns: readonly CommandTurn<unknown>[]): Promise<readonly unknown[]> {
    batches.push(turns.length);
    const results: unknown[] = [];
    for (const { input, context } of turns) {
      const { seat } = TakeSeat.input.parse(input);
      if (seat.startsWith('balcony')) {
        results.push(new AppError('auth.forbidden'));
        continue;
      }
      const { actor } = context.call;
      await context.tx.insertLater('seats', { user_id: actor.kind === 'user' ? actor.user_id : 0, seat });
      context.emit(SeatTaken, { seat });
      results.push({ seat });
    }
    return results;
  }

  async function handle(...messages: RequestMessage[]): Promise<(Reply | string)[]> {
    const commands = messages.map((message) => unitOfWork.accept(TakeSeat, message));
    const outcomes = await unitOfWork.handleTogether(commands, takeSeats);
    return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'failed'));
  }

  const taken = (seat: string): Reply => ({ ok: true, output: { seat } });
  const forbidden: Reply = { ok: false, error: { name: 'auth.forbidden', params: {} } };

  async function stored(): Promise<{ seats: string[]; memories: number; events: string[] }> {
    const seats = await database.reader.query<{ seat: string }>('SELECT seat FROM seats ORDER BY seat');
    const memories = await database.reader.query('SELECT message_id FROM inbox');
    const outbox = await database.reader.query<{ message: string }>('SELECT message FROM outbox ORDER BY id');
    const events = outbox.flatMap(({ message }) => JSON.parse(message) as EventMessage[]);
    return {
      seats: seats.map(({ seat }) => seat),
      memories: memories.length,
      events: events.map(({ call }) => call.request_id).sort(),
    };
  }

  it('share a transaction; each has its memory, and its events tell who asked', async () => {
    expect(await handle(wish(1, 'a'), wish(2, 'b'), wish(3, 'c'))).toEqual(['a', 'b', 'c'].map(taken));
    expect(batches).toEqual([3]);
    expect(await stored()).toEqual({ seats: ['a', 'b', 'c'], memories: 3, events: ['r1', 'r2', 'r3'] });
  });

  it('are not stopped by one that is refused, and the refusal is remembered', async () => {
    expect(await handle(wish(1, 'a'), wish(2, 'balcony'), wish(3, 'c'))).toEqual([taken('a'), forbidden, taken('c')]);
    expect(batches).toEqual([3]);
    expect(await stored()).toEqual({ seats: ['a', 'c'], memories: 3, events: ['r1', 'r3'] });
    expect(await handle(wish(2, 'balcony'))).toEqual([forbidden]);
  });

  it('are tried one by one when one of them breaks, which then breaks alone', async () => {
    await handle(wish(9, 'b'));
    batches.length = 0;
    expect(await handle(wish(1, 'a'), wish(2, 'b'), wish(3, 'c'))).toEqual([taken('a'), 'failed', taken('c')]);
    expect(batches).toEqual([3, 1, 1, 1]);
    expect(await stored()).toEqual({ seats: ['a', 'b', 'c'], memories: 3, events: ['r1', 'r3', 'r9'] });
  });

  it('answer a repeat among them with what was answered before, whatever it has become', async () => {
    await handle(wish(2, 'b'));
    expect(await handle(wish(1, 'a'), wish(2, 'b'), wish(3, 'c'))).toEqual(['a', 'b', 'c'].map(taken));
    const reused: Reply = { ok: false, error: { name: 'idempotency.key_reused', params: {} } };
    expect(await handle(wish(4, 'd'), wish(2, 'e', 'b'))).toEqual([taken('d'), reused]);
    expect(await stored()).toEqual({ seats: ['a', 'b', 'c', 'd'], memories: 4, events: ['r1', 'r2', 'r3', 'r4'] });
  });

  it('take each seat once, however many batches want it at the same time', async () => {
    const wanted = Array.from({ length: 8 }, (_, index) => `seat${index}`);
    const rounds = Array.from({ length: 10 }, (_, round) =>
      handle(...wanted.map((seat, index) => wish(100 * round + index, seat))),
    );
    const replies = (await Promise.all(rounds)).flat();
    expect(replies.filter((reply) => typeof reply !== 'string' && reply.ok)).toHaveLength(wanted.length);
    expect((await stored()).seats).toEqual(wanted);
    expect((await stored()).events).toHaveLength(wanted.length);
  });
});
