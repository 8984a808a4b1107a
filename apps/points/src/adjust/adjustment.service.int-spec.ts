import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AdjustmentRejected,
  AdjustmentRequested,
  AdjustPoints,
  AppError,
  ApproveAdjustment,
  CheckIn,
  GetBalance,
  ListAdjustments,
  ListPointRecords,
  PointsAdjusted,
  reasonLength,
  RejectAdjustment,
  UserStatusChanged,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { registerMembers } from '../ledger/known-member.fixture.js';
import { pointsService } from '../points.module.js';

const hourMs = 3_600_000;
const first = memberCall(901, 'admin', { stepped_up: true });
const second = memberCall(902, 'super_admin', { stepped_up: true });
const reason = 'the contest was counted wrongly';

onEachDatabase('adjustments by admins', (engine) => {
  let host: ServiceHost;
  const adjust = (userId: number, points: number, call = first) =>
    host.client.command(AdjustPoints, { user_id: userId, points, reason }, call);
  const balanceOf = async (userId: number): Promise<number> =>
    (await host.client.query(GetBalance, {}, memberCall(userId))).balance;
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine, { ADJUST_FOUR_EYES_POINTS: '100' });
    const around = [20, 21, 22, 23, 24, 90, 901, 902];
    await registerMembers(host, [...Array.from({ length: 10 }, (_, index) => index + 1), ...around]);
  });
  afterAll(() => host.stop());

  it('P-09: a small adjustment moves points at once, with its reason in the ledger and in an event', async () => {
    expect(await adjust(1, 60)).toMatchObject({ state: 'applied', balance_after: 60, decided_by: null });
    expect(await adjust(1, -20)).toMatchObject({ state: 'applied', balance_after: 40 });
    const { items } = await host.client.query(ListPointRecords, {}, memberCall(1));
    expect(items.map(({ type, points, description }) => [type, points, description])).toEqual([
      ['admin_adjust', -20, reason],
      ['admin_adjust', 60, reason],
    ]);
    await eventually(() => {
      const told = host.payloadsOf(PointsAdjusted).filter(({ user_id }) => user_id === 1);
      expect(told).toMatchObject([
        { points: 60, requested_by: 901, approved_by: null },
        { points: -20, balance: 40 },
      ]);
    });
  });

  it('P-09: never takes more than there is, and leaves nothing half done', async () => {
    await adjust(2, 10);
    await expect(adjust(2, -11)).rejects.toMatchObject({
      errorName: 'points.insufficient_balance',
      params: { balance: 10, required: 11 },
    });
    expect(await balanceOf(2)).toBe(10);
    expect(await host.client.query(ListAdjustments, { user_id: 2 }, first)).toMatchObject({ total: 1 });
  });

  it.each([0, 1.5, -0.5, 10_000_001, Number.MAX_SAFE_INTEGER, Number.NaN, Number.POSITIVE_INFINITY])(
    'P-09: refuses the amount %s',
    async (points) => {
      await expect(adjust(3, points)).rejects.toMatchObject({ errorName: 'request.invalid' });
    },
  );

  it('P-09: gives nothing to a number that nobody has, until somebody has it', async () => {
    const wish = { user_id: 70, points: 5, reason };
    const ask = () => host.client.command(AdjustPoints, wish, first, { idempotencyKey: 'for a newcomer' });
    await expect(ask()).rejects.toMatchObject({ errorName: 'user.not_found' });
    await expect(adjust(71, 500)).rejects.toMatchObject({ errorName: 'user.not_found' });
    expect(await host.client.query(ListAdjustments, { user_id: 71 }, first)).toMatchObject({ total: 0 });
    const opened = 'SELECT user_id FROM point_accounts WHERE user_id IN (70, 71)';
    expect(await host.database.reader.query(opened)).toEqual([]);
    await registerMembers(host, [70]);
    // The very same request: that it came too early is not held against it.
    expect(await ask()).toMatchObject({ state: 'applied', balance_after: 5 });
  });

  it('P-09: knows who was here before registrations were heard of, and no longer who is erased', async () => {
    for (const userId of [72, 73]) await host.client.command(CheckIn, {}, memberCall(userId));
    await host.tell(UserStatusChanged, { user_id: 73, status: 'erased', previous: 'active', reason: null });
    await eventually(() => expect(adjust(73, 1)).rejects.toMatchObject({ errorName: 'user.not_found' }));
    expect(await adjust(72, 5)).toMatchObject({ state: 'applied', balance_after: 15 });
  });

  it('P-09: is for admins', async () => {
    await expect(adjust(1, 5, memberCall(1))).rejects.toMatchObject({ errorName: 'auth.forbidden' });
    await expect(host.client.query(ListAdjustments, {}, memberCall(1))).rejects.toMatchObject({
      errorName: 'auth.forbidden',
    });
  });

  it('P-09: a large one waits for another admin, who is neither the first nor the member', async () => {
    const asked = await adjust(902, 500);
    expect(asked).toMatchObject({ state: 'pending', requested_by: 901, balance_after: null });
    expect(await balanceOf(902)).toBe(0);
    for (const call of [first, second])
      await expect(host.client.command(ApproveAdjustment, { id: asked.id }, call)).rejects.toMatchObject({
        errorName: 'adjustment.second_admin_required',
      });
    const third = memberCall(903, 'admin', { stepped_up: true });
    expect(await host.client.command(ApproveAdjustment, { id: asked.id }, third)).toMatchObject({
      state: 'applied',
      decided_by: 903,
      balance_after: 500,
    });
    await eventually(() => {
      expect(host.payloadsOf(AdjustmentRequested)).toMatchObject([{ user_id: 902, points: 500 }]);
    });
  });

  it('P-09: an admin cannot give to themselves alone, nor cut a large adjustment into small ones', async () => {
    expect(await adjust(901, 1)).toMatchObject({ state: 'pending' });
    expect(await adjust(5, 60)).toMatchObject({ state: 'applied' });
    expect(await adjust(5, 41)).toMatchObject({ state: 'pending' });
    expect(await adjust(5, 41, second)).toMatchObject({ state: 'applied' });
    await host.moveClock(25 * hourMs);
    expect(await adjust(5, 60)).toMatchObject({ state: 'applied' });
    await host.moveClock(0);
  });

  it('P-09: 60 small ones at once by one admin stay below the threshold together', async () => {
    const made = await Promise.all(Array.from({ length: 60 }, () => adjust(6, 10)));
    expect(made.filter(({ state }) => state === 'applied')).toHaveLength(10);
    expect(await balanceOf(6)).toBe(100);
  });

  it('P-09: 50 approvals at once post once', async () => {
    const { id } = await adjust(7, 200);
    const tries = await Promise.allSettled(
      Array.from({ length: 50 }, () => host.client.command(ApproveAdjustment, { id }, second)),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = tries.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as AppError).errorName] : [],
    );
    expect(new Set(refusals)).toEqual(new Set(['adjustment.already_decided']));
    expect(await balanceOf(7)).toBe(200);
    // What two have looked at does not count towards what one may do alone.
    expect(await adjust(7, 60)).toMatchObject({ state: 'applied', balance_after: 260 });
  });

  it('P-09: of two who agree and one who refuses at the same moment one decides', async () => {
    const deciders = [903, 904].map((id) => memberCall(id, 'admin', { stepped_up: true }));
    for (const userId of [20, 21, 22, 23, 24]) {
      const { id } = await adjust(userId, 200);
      const tries = await Promise.allSettled([
        ...deciders.map((call) => host.client.command(ApproveAdjustment, { id }, call)),
        host.client.command(RejectAdjustment, { id, note: 'there is no such prize' }, second),
      ]);
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { items } = await host.client.query(ListAdjustments, { user_id: userId }, first);
      expect(await balanceOf(userId)).toBe(items[0]?.state === 'applied' ? 200 : 0);
    }
  });

  it('P-09: what another admin refuses moves nothing, and cannot be approved any more', async () => {
    const { id } = await adjust(8, 200);
    const refused = await host.client.command(RejectAdjustment, { id, note: 'there is no such prize' }, second);
    expect(refused).toMatchObject({ state: 'rejected', decided_by: 902, decision_note: 'there is no such prize' });
    await expect(host.client.command(ApproveAdjustment, { id }, second)).rejects.toMatchObject({
      errorName: 'adjustment.already_decided',
    });
    expect(await balanceOf(8)).toBe(0);
    await eventually(() =>
      expect(host.payloadsOf(AdjustmentRejected)).toContainEqual(expect.objectContaining({ adjustment_id: id })),
    );
  });

  it('P-09: a request that nobody decided in time has expired, by the clock', async () => {
    const { id } = await adjust(9, 200);
    await host.moveClock(73 * hourMs);
    await expect(host.client.command(ApproveAdjustment, { id }, second)).rejects.toMatchObject({
      errorName: 'adjustment.expired',
    });
    const expired = await host.client.query(ListAdjustments, { state: 'expired', user_id: 9 }, first);
    expect(expired.items.map((item) => item.id)).toEqual([id]);
    const pending = await host.client.query(ListAdjustments, { state: 'pending', user_id: 9 }, first);
    expect(pending.total).toBe(0);
    await host.moveClock(0);
  });

  it('P-09: an approval that the balance no longer covers is refused and can be made later', async () => {
    await adjust(10, 100);
    const { id } = await adjust(10, -101);
    await expect(host.client.command(ApproveAdjustment, { id }, second)).rejects.toMatchObject({
      errorName: 'points.insufficient_balance',
    });
    await adjust(10, 5, second);
    expect(await host.client.command(ApproveAdjustment, { id }, second)).toMatchObject({ balance_after: 4 });
  });

  it('P-09: says when there is no such adjustment', async () => {
    await expect(host.client.command(ApproveAdjustment, { id: 999_999 }, second)).rejects.toMatchObject({
      errorName: 'adjustment.unknown',
    });
  });

  it('P-09: keeps the longest reason and the longest refusal whole', async () => {
    const longest = '积'.repeat(reasonLength.max);
    const asked = await host.client.command(AdjustPoints, { user_id: 90, points: 500, reason: longest }, first);
    const refused = await host.client.command(RejectAdjustment, { id: asked.id, note: longest }, second);
    expect(refused).toMatchObject({ state: 'rejected', reason: longest, decision_note: longest });
    const tooLong = { user_id: 90, points: 500, reason: `${longest}!` };
    await expect(host.client.command(AdjustPoints, tooLong, first)).rejects.toMatchObject({
      errorName: 'request.invalid',
    });
  });
});
