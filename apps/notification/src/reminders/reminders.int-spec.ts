import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CheckInReminderDue,
  MembershipExtended,
  MembershipGranted,
  MembershipReminderDue,
  MembershipStarted,
  reminderKinds,
  StepUpRequested,
  type Locale,
} from '#contracts';
import { sqlTime, type SqlTime } from '#database';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { NotificationPlace } from '../notification.fixture.js';

onEachDatabase('reminders and who wants them', ({ place }) => {
  const notification = new NotificationPlace(place);
  beforeAll(() => notification.start());
  afterAll(() => notification.stop());

  const templates = async (userId: number) => (await notification.deliveries(userId)).map(({ template }) => template);
  const soon = (): string => new Date(Date.now() + 3_600_000).toISOString();
  const membershipEnds = (userId: number, kind: (typeof reminderKinds)[number]) =>
    notification.publish(MembershipReminderDue, {
      user_id: userId,
      kind,
      membership_kind: 'trial',
      expires_at: soon(),
    });
  const checkInMissing = (userId: number, streak_days: number, day_ends_at = soon()) =>
    notification.publish(CheckInReminderDue, { user_id: userId, day: '2031-05-04', streak_days, day_ends_at });

  it('U-11: who has switched reminders off gets none of any kind, and everything else', async () => {
    const { userId } = await notification.meet('Off');
    await notification.wish(userId, { check_in: false, membership: false });
    for (const kind of reminderKinds) await membershipEnds(userId, kind);
    await checkInMissing(userId, 3);
    expect(await templates(userId)).toEqual([]);
    const expires_at = soon();
    await notification.publish(StepUpRequested, {
      user_id: userId,
      step_up_id: randomUUID(),
      device: null,
      ip: null,
      expires_at,
    });
    expect(await templates(userId)).toEqual(['step_up_requested']);
  });

  it('U-06, U-11: each is switched for itself; the newest settings count, however they arrive', async () => {
    const { userId } = await notification.meet('Half');
    await notification.wish(userId, { check_in: true, membership: false }, 5);
    await notification.wish(userId, { check_in: false, membership: true }, 4);
    await membershipEnds(userId, 'one_day');
    await checkInMissing(userId, 0);
    expect(await templates(userId)).toEqual(['check_in_reminder']);
    await notification.wish(userId, { check_in: false, membership: true }, 6);
    await membershipEnds(userId, 'expired');
    await checkInMissing(userId, 0);
    expect(await templates(userId)).toEqual(['check_in_reminder', 'membership_reminder']);
  });

  it('U-06: who has said nothing is reminded of the membership', async () => {
    const { userId } = await notification.meet('New');
    await membershipEnds(userId, 'three_days');
    expect(await templates(userId)).toEqual(['membership_reminder']);
  });

  it('U-06: who has renewed, by whichever road, is not told of the end that was, in whatever order it is heard', async () => {
    const [ended, later] = [soon(), new Date(Date.now() + 30 * 86_400_000).toISOString()];
    const period = { kind: 'formal', plan: 'month', started_at: new Date().toISOString(), expires_at: later } as const;
    const roads = [
      (user_id: number) =>
        notification.publish(MembershipStarted, { ...period, user_id, invite_code_id: 1, renewal: true }),
      (user_id: number) => notification.publish(MembershipExtended, { ...period, user_id, days: 7 }),
      (user_id: number) =>
        notification.publish(MembershipGranted, {
          ...period,
          user_id,
          days: 30,
          reason: 'helped',
          granted_by: 1,
          renewal: true,
        }),
    ];
    const remind = (user_id: number, occurredAt: Date): Promise<string> =>
      notification.publish(
        MembershipReminderDue,
        { user_id, kind: 'one_day', membership_kind: 'trial', expires_at: ended },
        { occurredAt },
      );
    const aMomentAgo = new Date(Date.now() - 1_000);
    for (const renew of roads) {
      for (const order of [
        [remind, renew],
        [renew, remind],
      ]) {
        // Introduced last: so no message can go before all is heard.
        const { userId, member } = await notification.meetUnknown('Busy');
        for (const happens of order) await happens(userId, aMomentAgo);
        await notification.introduce(userId, member, 'en');
        await eventually(async () => {
          const sent = (await notification.deliveries(userId)).find(
            ({ template }) => template === 'membership_reminder',
          );
          expect(sent).toMatchObject({ status: 'failed', last_error: 'renewed' });
        });
      }
    }
    const { userId, member } = await notification.meetUnknown('Not heard of yet');
    await notification.publish(MembershipStarted, {
      ...period,
      user_id: userId,
      expires_at: aMomentAgo.toISOString(),
      invite_code_id: 1,
      renewal: false,
    });
    await remind(userId, new Date());
    await notification.introduce(userId, member, 'en');
    await member.waitForMessage(/ends within a day/);
  });

  it('U-06: that a membership ends is not told when it has ended', async () => {
    const { userId } = await notification.meetUnknown('Unreached');
    const expires_at = soon();
    await notification.publish(MembershipReminderDue, {
      user_id: userId,
      kind: 'one_day',
      membership_kind: 'trial',
      expires_at,
    });
    const [row] = await notification.database.reader.query<{ expires_at: SqlTime }>(
      'SELECT expires_at FROM deliveries WHERE user_id = ?',
      [userId],
    );
    expect(row?.expires_at).toBe(sqlTime(new Date(expires_at)));
  });

  it.each<[Locale, number, RegExp]>([
    ['zh', 7, /今天还没有签到.*连续 7 天[\s\S]*\/settings/],
    ['en', 0, /have not checked in today yet: \/checkin[\s\S]*\/settings/],
    ['en', 1, /streak of 1 day goes on/],
    ['ru', 21, /серию в 21 день/],
    ['ru', 3, /серию в 3 дня/],
    ['ru', 11, /серию в 11 дней/],
  ])('U-11: calls for the check-in in %s with a streak of %i', async (locale, streakDays, words) => {
    const { userId, member } = await notification.meet('Kim', locale);
    await checkInMissing(userId, streakDays);
    await member.waitForMessage(words);
  });

  it('U-11: a call for a day that is over is not sent any more', async () => {
    const { userId } = await notification.meet('Late');
    await checkInMissing(userId, 2, new Date(Date.now() - 1_000).toISOString());
    await eventually(async () => expect((await notification.deliveries(userId))[0]?.status).toBe('failed'));
  });
});
