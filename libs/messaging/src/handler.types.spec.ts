import { describe, expect, it } from 'vitest';
import {
  AppError,
  BalanceChanged,
  CheckIn,
  EmailBound,
  GetBalance,
  GetMembership,
  ListPointRecords,
  RegisterWithCode,
} from '#contracts';
import type { Call, HandledInputOf, OutputOf, PayloadOf } from '#contracts';
import { HandleCommand, HandleEvent, HandleQuery, MemoryBroker, MessageClient } from './index.js';
import type { CommandContext, EventContext, QueryContext } from './index.js';

/**
 * What does not compile. The type check fails when one of the expected errors is none any more; nothing here is called.
 */
class Wrong {
  // @ts-expect-error: the input of register is an invite code, and this handler wants a page.
  @HandleCommand(RegisterWithCode)
  async input(_input: { page: number }, _context: CommandContext): Promise<OutputOf<typeof RegisterWithCode>> {
    throw new AppError('invite_code.unknown');
  }

  // @ts-expect-error: a balance without its frozen part is not what the contract promises.
  @HandleQuery(GetBalance)
  async output(
    _input: HandledInputOf<typeof GetBalance>,
    _context: QueryContext,
  ): Promise<{ balance: number; available: number }> {
    return { balance: 1, available: 1 };
  }

  // @ts-expect-error: a balance that is a text is not what the contract promises.
  @HandleQuery(GetBalance)
  async field(
    _input: HandledInputOf<typeof GetBalance>,
    _context: QueryContext,
  ): Promise<{ balance: string; frozen: number; available: number }> {
    return { balance: '1', frozen: 0, available: 1 };
  }

  // @ts-expect-error: a query has no transaction and cannot emit.
  @HandleQuery(GetBalance)
  async context(
    _input: HandledInputOf<typeof GetBalance>,
    { tx }: CommandContext,
  ): Promise<OutputOf<typeof GetBalance>> {
    await tx.execute('DELETE FROM balances');
    return { balance: 0, frozen: 0, available: 0 };
  }

  // @ts-expect-error: an event is not a command, nobody asks for it.
  @HandleCommand(BalanceChanged)
  async kind(_input: PayloadOf<typeof BalanceChanged>, _context: CommandContext): Promise<void> {}

  // @ts-expect-error: a query is not a command, it may not change anything.
  @HandleCommand(GetMembership)
  async query(
    _input: HandledInputOf<typeof GetMembership>,
    _context: CommandContext,
  ): Promise<OutputOf<typeof GetMembership>> {
    return { state: 'none', plan: null, started_at: null, expires_at: null };
  }

  // @ts-expect-error: the payload of a changed balance has no e-mail address.
  @HandleEvent(BalanceChanged)
  async payload(_payload: PayloadOf<typeof EmailBound>, _context: EventContext): Promise<void> {}

  // @ts-expect-error: an event's handler answers nobody.
  @HandleEvent(BalanceChanged)
  async answer(_payload: PayloadOf<typeof BalanceChanged>, _context: EventContext): Promise<number> {
    return 1;
  }

  @HandleCommand(CheckIn)
  async emits(_input: HandledInputOf<typeof CheckIn>, { emit }: CommandContext): Promise<OutputOf<typeof CheckIn>> {
    // @ts-expect-error: the payload lacks the version and the records.
    emit(BalanceChanged, { user_id: 1, balance: 2 });
    // @ts-expect-error: a payload has no field that its contract does not know.
    emit(BalanceChanged, { user_id: 1, balance: 2, version: 1, records: [], colour: 'red' });
    // @ts-expect-error: a command is not an event, it cannot be emitted.
    emit(CheckIn, {});
    // @ts-expect-error: the refusal needs both of its parameters.
    throw new AppError('points.insufficient_balance', { balance: 1 });
  }

  async asks(client: MessageClient, call: Call, { reader }: QueryContext): Promise<void> {
    // @ts-expect-error: a query is not sent as a command.
    await client.command(GetBalance, {}, call);
    // @ts-expect-error: a command is not sent as a query, it would have no identity.
    await client.query(CheckIn, {}, call);
    // @ts-expect-error: a page is a number.
    await client.query(ListPointRecords, { page: 'one' }, call);
    const { balance } = await client.query(GetBalance, {}, call);
    // @ts-expect-error: a balance is a number, which has no such method.
    balance.toUpperCase();
    // @ts-expect-error: a reader cannot write.
    await reader.insert('balances', { user_id: 1 });
  }
}

class Right {
  /** Fewer parameters and a narrower answer than the contract allows are fine. */
  @HandleQuery(GetMembership)
  async membership(): Promise<{ state: 'none'; plan: null; started_at: null; expires_at: null }> {
    return { state: 'none', plan: null, started_at: null, expires_at: null };
  }

  @HandleQuery(ListPointRecords)
  async records({
    page,
    page_size,
  }: HandledInputOf<typeof ListPointRecords>): Promise<OutputOf<typeof ListPointRecords>> {
    return { items: [], page, page_size, total: 0 };
  }

  @HandleEvent(BalanceChanged)
  async changed({ user_id }: PayloadOf<typeof BalanceChanged>, { tx }: EventContext): Promise<void> {
    await tx.execute('UPDATE users SET points = 0 WHERE id = ?', [user_id]);
  }
}

describe('handlers', () => {
  it('are checked by the compiler, and leave the classes as they are', async () => {
    expect(Object.getOwnPropertyNames(Wrong.prototype)).toContain('emits');
    expect(await new Right().membership()).toMatchObject({ state: 'none' });
    const client = new MessageClient(new MemoryBroker());
    const call: Call = { request_id: 'r', actor: { kind: 'visitor' }, channel: 'rest', locale: 'en' };
    await expect(client.query(GetBalance, {}, call)).rejects.toThrow('system.unavailable');
  });
});
