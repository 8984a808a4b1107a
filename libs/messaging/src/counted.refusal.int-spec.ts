import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError, defineCommand, type Call } from '#contracts';
import { Database } from '#database';
import { onEachDatabase } from '#testing/engines';
import { commandId, InboxAndOutbox1700000000000, Refusal, UnitOfWork } from './index.js';
import type { CommandContext, Reply, RequestMessage } from './index.js';

const Ask = defineCommand({
  name: 'points.ask.v1',
  summary: 'Asks for what is refused',
  input: z.object({}),
  output: z.object({}),
});
const call: Call = {
  request_id: 'r1',
  actor: { kind: 'user', user_id: 7, role: 'member' },
  channel: 'rest',
  locale: 'en',
};

function wish(key: string): RequestMessage {
  return { id: commandId(Ask.name, call.actor, key), contract: Ask.name, call, input: {} };
}

onEachDatabase('what is counted with a refusal', (engine) => {
  let database: Database;
  let unitOfWork: UnitOfWork;
  const counted: string[] = [];
  let attempts = 0;

  beforeAll(async () => {
    const migrations = [InboxAndOutbox1700000000000];
    database = await Database.open({ ...engine.place, service: 'points', entities: [], migrations });
    await database.migrate();
    const clock = { now: () => new Date('2026-01-02T03:04:05.678Z') };
    unitOfWork = new UnitOfWork({ service: 'points', database, clock, onEvents: () => undefined });
  });
  afterAll(() => database.close());
  beforeEach(() => {
    counted.length = 0;
    attempts = 0;
  });

  /** Counts, is a deadlock's victim twice, and then ends as `end` says. */
  const ask = (key: string, end: () => unknown): Promise<Reply> =>
    unitOfWork.handleCommand(unitOfWork.accept(Ask, wish(key)), async (_input, { tx }: CommandContext) => {
      attempts += 1;
      const attempt = attempts;
      tx.whenSettled(() => counted.push(`attempt ${attempt}`));
      await tx.query('SELECT COUNT(*) AS count FROM inbox');
      if (attempt < 3) throw Object.assign(new Error('a victim of a deadlock'), { code: 'ER_LOCK_DEADLOCK' });
      return end();
    });
  const forbidden = new AppError('auth.forbidden');
  const thrown = (error: Error) => (): never => {
    throw error;
  };

  it('is counted once where it was thrown, however often the transaction was repeated and the command came', async () => {
    expect(await ask('thrown', thrown(forbidden))).toMatchObject({ ok: false });
    expect(counted).toEqual(['attempt 3']);
    expect(await ask('thrown', thrown(forbidden))).toMatchObject({ ok: false });
    expect(counted).toEqual(['attempt 3']);
  });

  it('is counted once where it was returned, or where there was none', async () => {
    expect(await ask('returned', () => new Refusal(forbidden))).toMatchObject({ ok: false });
    expect(await ask('returned', () => new Refusal(forbidden))).toMatchObject({ ok: false });
    expect(counted).toEqual(['attempt 3']);
    expect(await ask('done', () => ({}))).toMatchObject({ ok: true });
    expect(await ask('done', () => ({}))).toMatchObject({ ok: true });
    expect(counted).toEqual(['attempt 3', 'attempt 5']);
  });

  it('is counted each time where it may be gone a moment later', async () => {
    const passing = thrown(new AppError('system.unavailable'));
    await ask('passing', passing);
    await ask('passing', passing);
    expect(counted).toEqual(['attempt 3', 'attempt 4']);
  });

  it('is not counted where a bug ended it', async () => {
    await expect(ask('broken', thrown(new Error('a bug')))).rejects.toThrow('a bug');
    expect(counted).toEqual([]);
  });

  it('is counted once for fifty deliveries of one command at once', async () => {
    attempts = 2;
    const replies = await Promise.all(Array.from({ length: 50 }, () => ask('at once', thrown(forbidden))));
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect(counted).toHaveLength(1);
  });
});
