import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AppError,
  BalanceChanged,
  DebitHold,
  FreezePoints,
  GetBalance,
  HoldChanged,
  ListMyHolds,
  ListPointRecords,
  ListUserRecords,
  pointRecordTypes,
  ReleaseHold,
  ReverseRecord,
} from '#contracts';
import type { Database } from '#database';
import type { CommandContext } from '#messaging';
import { Metrics } from '#service';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { pointsService } from '../points.module.js';
import { HoldService } from './hold.service.js';
import { LedgerService, type Posting } from './ledger.service.js';

const admin = memberCall(900, 'admin', { stepped_up: true });
const reason = 'asked for by the test';
const metrics = new Metrics('points', { runtime: false });
const ledger = new LedgerService(metrics);
const holds = new HoldService(ledger, metrics);
let keys = 0;

function posting(points: number, type: Posting['type'] = 'activity'): Posting {
  keys += 1;
  return { type, points, description: null, key: `test:${keys}` };
}

onEachDatabase('ledger', (engine) => {
  let host: ServiceHost;
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine);
  });
  afterAll(() => host.stop());

  const act = <Result>(work: (context: CommandContext) => Promise<Result>): Promise<Result> => {
    const { unitOfWork } = host.service.runtime;
    if (!unitOfWork) throw new Error('points has tables');
    return unitOfWork.runAs('ledger-test', work);
  };
  const give = (userId: number, ...amounts: number[]) =>
    act(async (context) => {
      const account = await ledger.lockAccount(context, userId);
      return ledger.post(
        context,
        account,
        amounts.map((amount) => posting(amount)),
      );
    });
  const balanceOf = (userId: number) => host.client.query(GetBalance, {}, memberCall(userId));
  const recordsOf = async (userId: number) => (await host.client.query(ListPointRecords, {}, memberCall(userId))).items;

  describe('P-01: holds', () => {
    it('freeze, release and debit in parts; available + frozen is the balance at every step', async () => {
      await give(1, 100);
      const hold = await host.client.command(FreezePoints, { user_id: 1, points: 60, reason }, admin);
      expect(hold).toMatchObject({ points: 60, remaining: 60, reason });
      expect(await balanceOf(1)).toMatchObject({ balance: 100, frozen: 60, available: 40 });
      const { remaining } = await host.client.command(ReleaseHold, { hold_id: hold.id, points: 10, reason }, admin);
      expect(remaining).toBe(50);
      await host.client.command(DebitHold, { hold_id: hold.id, points: 20, reason }, admin);
      expect(await balanceOf(1)).toMatchObject({ balance: 80, frozen: 30, available: 50 });
      await host.client.command(DebitHold, { hold_id: hold.id, reason }, admin);
      expect(await balanceOf(1)).toEqual({ balance: 50, frozen: 0, available: 50, lifetime_earned: 100 });
      await expect(host.client.command(ReleaseHold, { hold_id: hold.id, reason }, admin)).rejects.toMatchObject({
        errorName: 'points.hold_too_small',
      });
      const mine = await host.client.query(ListMyHolds, {}, memberCall(1));
      expect(mine).toMatchObject({ total: 1, items: [{ id: hold.id, points: 60, remaining: 0 }] });
      expect((await recordsOf(1)).map(({ type, points }) => [type, points])).toEqual([
        ['frozen_debit', -30],
        ['frozen_debit', -20],
        ['activity', 100],
      ]);
      await eventually(() => {
        const changes = host.payloadsOf(HoldChanged).filter(({ user_id }) => user_id === 1);
        expect(changes.map(({ change, points, frozen }) => [change, points, frozen])).toEqual([
          ['frozen', 60, 60],
          ['released', 10, 50],
          ['debited', 20, 30],
          ['debited', 30, 0],
        ]);
      });
    });

    it('keep frozen points from being spent, and are for admins', async () => {
      await give(2, 50);
      await host.client.command(FreezePoints, { user_id: 2, points: 50, reason }, admin);
      await expect(give(2, -1)).rejects.toMatchObject({
        errorName: 'points.insufficient_balance',
        params: { balance: 0, required: 1 },
      });
      const again = host.client.command(FreezePoints, { user_id: 2, points: 1, reason }, admin);
      await expect(again).rejects.toMatchObject({ errorName: 'points.insufficient_balance' });
      const stranger = host.client.command(FreezePoints, { user_id: 2, points: 1, reason }, memberCall(2));
      await expect(stranger).rejects.toMatchObject({ errorName: 'auth.forbidden' });
      const unknown = host.client.command(ReleaseHold, { hold_id: 999_999, reason }, admin);
      await expect(unknown).rejects.toMatchObject({ errorName: 'points.hold_unknown' });
      const nobody = host.client.command(FreezePoints, { user_id: 999_999, points: 1, reason }, admin);
      await expect(nobody).rejects.toMatchObject({ errorName: 'user.not_found' });
    });

    it('settled by many at once are settled once', async () => {
      await give(3, 40);
      const { id } = await host.client.command(FreezePoints, { user_id: 3, points: 40, reason }, admin);
      const tries = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) =>
          host.client.command(index % 2 ? DebitHold : ReleaseHold, { hold_id: id, points: 40, reason }, admin),
        ),
      );
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { balance, frozen } = await balanceOf(3);
      expect([0, 40]).toContain(balance);
      expect(frozen).toBe(0);
    });
  });

  describe('P-01: amounts', () => {
    it.each([0, -5, 1.5, Number.MAX_SAFE_INTEGER + 1])('freezing %d points is refused', async (points) => {
      const tried = host.client.command(FreezePoints, { user_id: 1, points, reason }, admin);
      await expect(tried).rejects.toMatchObject({ errorName: 'request.invalid' });
    });

    it('beyond a record, or beyond an exact balance, are refused and leave nothing behind', async () => {
      await expect(give(4, 2_147_483_648)).rejects.toMatchObject({ errorName: 'points.amount_too_large' });
      await expect(give(4, 0)).rejects.toMatchObject({ errorName: 'points.amount_invalid' });
      await expect(give(4, 5, 0.5)).rejects.toMatchObject({ errorName: 'points.amount_invalid' });
      expect(await recordsOf(4)).toEqual([]);
      await give(4, 2_147_483_647, 2_147_483_647);
      expect((await balanceOf(4)).balance).toBe(4_294_967_294);
    });
  });

  describe('P-01: reversal', () => {
    it('takes a record back once, by its inverse, and takes it from the points earned', async () => {
      await give(5, 30, 12);
      const [newest] = await recordsOf(5);
      const reversed = await host.client.command(ReverseRecord, { record_id: newest?.id ?? 0, reason }, admin);
      expect(reversed).toMatchObject({ points: -12, type: 'reversal', balance_after: 30, reverses_id: newest?.id });
      expect(await balanceOf(5)).toMatchObject({ balance: 30, lifetime_earned: 30 });
      const again = host.client.command(ReverseRecord, { record_id: newest?.id ?? 0, reason }, admin);
      await expect(again).rejects.toMatchObject({ errorName: 'points.already_reversed' });
      const ofReversal = host.client.command(ReverseRecord, { record_id: reversed.id, reason }, admin);
      await expect(ofReversal).rejects.toMatchObject({ errorName: 'points.not_reversible' });
      const unknown = host.client.command(ReverseRecord, { record_id: 999_999, reason }, admin);
      await expect(unknown).rejects.toMatchObject({ errorName: 'points.record_unknown' });
      const [top] = (await host.client.query(ListUserRecords, { user_id: 5 }, admin)).items;
      expect(top).toMatchObject({ id: reversed.id, reverses_id: newest?.id, description: reason });
    });

    it('of a debit gives the points back; of spent points is refused', async () => {
      await give(6, 30, -30);
      const [debit, credit] = await recordsOf(6);
      const spent = host.client.command(ReverseRecord, { record_id: credit?.id ?? 0, reason }, admin);
      await expect(spent).rejects.toMatchObject({ errorName: 'points.insufficient_balance' });
      await host.client.command(ReverseRecord, { record_id: debit?.id ?? 0, reason }, admin);
      expect(await balanceOf(6)).toMatchObject({ balance: 30, lifetime_earned: 30 });
    });

    it.each(['shop_purchase', 'shop_refund', 'transfer'] as const)(
      'of a %s is refused: it is undone where it was done',
      async (type) => {
        const owner = { shop_purchase: 20, shop_refund: 21, transfer: 22 }[type];
        await give(owner, 50);
        await act(async (context) => {
          const account = await ledger.lockAccount(context, owner);
          return ledger.post(context, account, [posting(type === 'shop_refund' ? 40 : -40, type)]);
        });
        const { balance } = await balanceOf(owner);
        const [newest] = await recordsOf(owner);
        const taken = host.client.command(ReverseRecord, { record_id: newest?.id ?? 0, reason }, admin);
        await expect(taken).rejects.toMatchObject({ errorName: 'points.not_reversible' });
        expect((await balanceOf(owner)).balance).toBe(balance);
      },
    );

    it('of their own records, and releases of their own points, are for another admin', async () => {
      await give(900, 30, -20);
      const [newest, spent] = await recordsOf(900);
      const other = memberCall(901, 'admin');
      // Said at once, whatever else would be wrong with it: the points of the older one are spent.
      for (const record of [newest, spent]) {
        const own = host.client.command(ReverseRecord, { record_id: record?.id ?? 0, reason }, admin);
        await expect(own).rejects.toMatchObject({ errorName: 'adjustment.second_admin_required' });
      }
      expect((await balanceOf(900)).balance).toBe(10);
      const { id } = await host.client.command(FreezePoints, { user_id: 900, points: 5, reason }, other);
      const release = (call: typeof other) => host.client.command(ReleaseHold, { hold_id: id, reason }, call);
      await expect(release(admin)).rejects.toMatchObject({ errorName: 'adjustment.second_admin_required' });
      await release(other);
      await host.client.command(ReverseRecord, { record_id: newest?.id ?? 0, reason }, other);
      expect(await balanceOf(900)).toMatchObject({ balance: 30, frozen: 0 });
    });

    it('of all records by two at once happens once each, and leaves nothing', async () => {
      await give(7, ...Array.from({ length: 10 }, (_, index) => index + 1));
      const records = await recordsOf(7);
      const tries = await Promise.allSettled(
        [...records, ...records].map(({ id }) => host.client.command(ReverseRecord, { record_id: id, reason }, admin)),
      );
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
      const refusals = tries.flatMap((one) => (one.status === 'rejected' ? [(one.reason as AppError).errorName] : []));
      expect(new Set(refusals)).toEqual(new Set(['points.already_reversed']));
      expect(await balanceOf(7)).toMatchObject({ balance: 0, lifetime_earned: 0 });
    });
  });

  it('P-01: moves points between two members, both ways at once, without a deadlock that anybody sees', async () => {
    await give(8, 500);
    await give(9, 500);
    const move = (from: number, to: number, points: number) =>
      act(async (context) => {
        const accounts = await ledger.lockAccounts(context, [from, to]);
        const [source, target] = [accounts.get(from), accounts.get(to)];
        if (!source || !target) throw new Error('both are locked');
        const reference = `test-move:${(keys += 1)}`;
        const frozen = await holds.freeze(context, source, { points, reference, reason });
        const debit = { ...posting(0, 'transfer'), key: `${reference}:out` };
        await holds.debit(context, frozen.account, frozen.hold, { reason, posting: debit });
        await ledger.post(context, target, [posting(points, 'transfer')]);
      });
    await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 ? move(8, 9, 7) : move(9, 8, 7))));
    expect([(await balanceOf(8)).balance, (await balanceOf(9)).balance]).toEqual([500, 500]);
    await eventually(() => {
      const [last] = host.payloadsOf(BalanceChanged).filter(({ user_id, version }) => user_id === 8 && version === 61);
      expect(last).toMatchObject({ balance: 500, frozen: 0, lifetime_earned: 500 });
    });
  });

  it('P-01: keeps the columns, indexes and numbers of the source document', async () => {
    const reader = (host.service.runtime.database as Database).reader;
    const isMysql = engine.dialect === 'mysql';
    const columns = await reader.query<{ name: string; type: string }>(
      isMysql
        ? `SELECT column_name AS name, column_type AS type FROM information_schema.columns
           WHERE table_schema = DATABASE() AND table_name = 'point_records'`
        : "SELECT name, type FROM pragma_table_info('point_records')",
    );
    const types = new Map(columns.map(({ name, type }) => [name, type.toUpperCase().replace(/\((?!255).*/, '')]));
    expect(Object.fromEntries(types)).toMatchObject({
      ...{ id: isMysql ? 'BIGINT' : 'INTEGER', user_id: 'BIGINT', points: 'INT', type: 'TINYINT' },
      ...{ description: 'VARCHAR(255)', created_at: isMysql ? 'TIMESTAMP' : 'DATETIME' },
    });
    const indexes = await reader.query<{ name: string }>(
      isMysql
        ? `SELECT index_name AS name FROM information_schema.statistics
           WHERE table_schema = DATABASE() AND table_name = 'point_records'`
        : "SELECT name FROM pragma_index_list('point_records')",
    );
    expect(indexes.map(({ name }) => name)).toEqual(expect.arrayContaining(['idx_user_id', 'idx_created_at']));
    expect(pointRecordTypes).toMatchObject({ check_in: 1, activity: 2, transfer: 3 });
    expect(new Set(Object.values(pointRecordTypes)).size).toBe(Object.keys(pointRecordTypes).length);
  });
});
