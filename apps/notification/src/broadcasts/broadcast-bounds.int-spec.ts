import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ChangeBroadcast,
  ConfirmBroadcast,
  CreateBroadcast,
  GetBroadcast,
  PreviewBroadcast,
  SteerBroadcast,
  UserStatusChanged,
  type InputOf,
  type UserStatus,
} from '#contracts';
import { sqlTime } from '#database';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall } from '#testing/service.host';
import { NotificationPlace } from '../notification.fixture.js';

const sureAdmin = memberCall(1, 'admin', { stepped_up: true });
const admin = memberCall(1, 'admin');

onEachDatabase('what a broadcast may not be', ({ place }) => {
  const notification = new NotificationPlace(place);
  const client = () => notification.service.runtime.client;
  const create = async (change: Partial<InputOf<typeof CreateBroadcast>> = {}) =>
    (await client().command(CreateBroadcast, { title: 'Bounds', texts: { en: 'As seen' }, ...change }, admin)).id;
  const preview = (id: number) => client().query(PreviewBroadcast, { id }, admin);
  const refused = (work: Promise<unknown>, errorName: string) => expect(work).rejects.toMatchObject({ errorName });

  const confirm = async (id: number, call = admin) => {
    const { recipients, digest } = await preview(id);
    return client().command(ConfirmBroadcast, { id, recipients, digest }, call);
  };
  /** Resolves when Telegram has put off so many messages of a broadcast. */
  const toldToWait = (id: number, messages: number): Promise<void> =>
    eventually(async () => {
      const rows = await notification.database.reader.query<{ last_error: string | null }>(
        "SELECT last_error FROM deliveries WHERE broadcast_id = ? AND status = 'pending' AND last_error IS NOT NULL",
        [id],
      );
      expect(rows).toHaveLength(messages);
    });

  beforeAll(async () => {
    await notification.start();
    await notification.meet('Anna', 'en');
  });
  afterAll(() => notification.stop());

  it.each<InputOf<typeof CreateBroadcast>['segment']>([
    {},
    { locales: ['ru', 'en', 'zh'] },
    { membership: ['none', 'trial', 'formal', 'permanent', 'expired'] },
    { locales: ['en', 'zh', 'ru'], membership: ['expired', 'permanent', 'formal', 'trial', 'none'] },
  ])('N-10, U-13: one to everybody takes a fresh confirmation, also when it is called %j', async (segment) => {
    const id = await create({ segment });
    await refused(confirm(id), 'auth.step_up_required');
  });

  it('B-04: what is sent is what was seen, not what another admin has made of it since', async () => {
    const id = await create({ segment: { locales: ['en'] } });
    const { recipients, digest } = await preview(id);
    await client().command(ChangeBroadcast, { id, texts: { en: 'Something else' } }, memberCall(2, 'admin'));
    await refused(client().command(ConfirmBroadcast, { id, recipients, digest }, admin), 'broadcast.changed_since');
    expect((await client().query(GetBroadcast, { id }, admin)).status).toBe('draft');
    await client().command(ChangeBroadcast, { id, texts: { en: 'As seen' } }, admin);
    expect((await preview(id)).digest).toBe(digest);
    await client().command(ConfirmBroadcast, { id, recipients, digest }, admin);
  });

  it('N-10: goes out however many were cancelled on the same day', async () => {
    const now = sqlTime(new Date());
    const id = await create({ title: 'Template', segment: { locales: ['en'] } });
    await client().command(SteerBroadcast, { id, action: 'cancel' }, admin);
    await notification.database.transaction(async (tx) => {
      for (let row = 0; row < 120; row += 1) {
        await tx.execute(
          `INSERT INTO broadcasts (title, texts, segment, status, skip_after_minutes, gone_through, written, left_out, all_written,
             created_by, request_id, created_at, finished_at)
           SELECT title, texts, segment, status, skip_after_minutes, gone_through, written, left_out, all_written,
             created_by, request_id, created_at, ? FROM broadcasts WHERE id = ?`,
          [now, id],
        );
      }
    });
    const late = await create({ segment: { locales: ['en'] } });
    await confirm(late, sureAdmin);
    await eventually(async () =>
      expect((await client().query(GetBroadcast, { id: late }, admin)).status).toBe('finished'),
    );
  });

  it('N-10, U-01: what waited through a pause goes only to those who still belong to the segment', async () => {
    const leaver = await notification.meet('Leaver', 'ru');
    const stayer = await notification.meet('Stayer', 'ru');
    for (const { member } of [leaver, stayer])
      notification.emulator.injectFault({ kind: 'rate_limited', retryAfter: 60, chatId: member.id });
    const id = await create({ texts: { ru: 'Снова с нами' }, segment: { locales: ['ru'] } });
    const get = () => client().query(GetBroadcast, { id }, admin);
    await confirm(id);
    await toldToWait(id, 2);
    await client().command(SteerBroadcast, { id, action: 'pause' }, admin);
    const change = { user_id: leaver.userId, status: 'banned', previous: 'active', reason: null } as const;
    await notification.publish(UserStatusChanged, change);
    await client().command(SteerBroadcast, { id, action: 'resume' }, admin);
    notification.pass(120_000);
    await eventually(async () => expect((await get()).status).toBe('finished'));
    expect((await get()).progress).toMatchObject({ sent: 1, cancelled: 1, waiting: 0 });
    expect(notification.textsTo(leaver.member)).not.toContain('Снова с нами');
    expect(notification.textsTo(stayer.member)).toEqual(['Снова с нами']);
  });

  it('N-10, U-01: whose account is closed while a broadcast goes out hears no more of it, and who is back does', async () => {
    const [gone, back] = [await notification.meet('Gone', 'zh'), await notification.meet('Back', 'zh')];
    for (const { member } of [gone, back])
      notification.emulator.injectFault({ kind: 'rate_limited', retryAfter: 60, chatId: member.id });
    const id = await create({ texts: { zh: '还在路上' }, segment: { locales: ['zh'] } });
    await confirm(id);
    await toldToWait(id, 2);
    const become = (user_id: number, status: UserStatus, previous: UserStatus): Promise<string> =>
      notification.publish(UserStatusChanged, { user_id, status, previous, reason: null });
    for (const { userId } of [gone, back]) await become(userId, 'deletion_pending', 'active');
    await become(back.userId, 'active', 'deletion_pending');
    notification.pass(120_000);
    const get = () => client().query(GetBroadcast, { id }, admin);
    await eventually(async () => expect((await get()).status).toBe('finished'));
    expect((await get()).progress).toMatchObject({ sent: 1, failed: 1, waiting: 0 });
    const rows = await notification.deliveries(gone.userId);
    expect(rows).toMatchObject([{ status: 'failed', last_error: 'account_closed' }]);
    expect(notification.textsTo(gone.member)).toEqual([]);
    expect(notification.textsTo(back.member)).toEqual(['还在路上']);
  });

  it('N-10: begins at a time that can be written down', async () => {
    for (const starts_at of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z']) {
      await refused(create({ starts_at }), 'request.invalid');
      await refused(client().command(ChangeBroadcast, { id: 1, starts_at }, admin), 'request.invalid');
    }
  });
});
