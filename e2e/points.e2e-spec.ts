import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type EmulatedMember } from '#testing';
import type { RestClient } from './platform/index.js';
import { firstAdmin } from './stages/admin.doors.js';
import { stageKinds, steppedUp, useStage } from './stages/index.js';
import { auditEntries, metricSum } from './stages/platform.readings.js';

const dayMs = 86_400_000;
/** Noon in UTC, and a little more than what is left of the day in Shanghai then. */
const eveningOfDayMs = dayMs / 2;
const untilMidnightMs = 4 * 3_600_000 + 60_000;
const soon = { timeoutMs: 30_000 };
const reason = 'asked for by the test';

interface Today {
  day: string;
  streak_days: number;
}

interface Month {
  days: { day: string; kind: string }[];
  can_make_up: string[];
  makeup_cards: number;
}

/** What the bot says, by language. */
const words = [
  {
    language: 'zh-hans',
    title: /补签卡 3 张/,
    confirm: '🃏 确认使用一张',
    madeUp: /已补签。[\s\S]*连续签到：3 天[\s\S]*补签卡 2 张/,
    nothing: /没有可以补签的漏签日子/,
    figures: /你的统计[\s\S]*累计签到：3 天[\s\S]*倔强青铜 3 星/,
    refused: /你还没有加入我们/,
    notADay: /请这样写日期/,
    notOver: /还没过完/,
    counts: /已经签到过了/,
    tooSoon: /你的时区有变动/,
    again: /签到成功[\s\S]*连续签到：2 天/,
  },
  {
    language: 'en',
    title: /3 makeup cards/,
    confirm: '🃏 Yes, use a card',
    madeUp: /counts now\.[\s\S]*Streak: 3 days[\s\S]*2 makeup cards/,
    nothing: /missed no day/,
    figures: /Your statistics[\s\S]*In all: 3 days[\s\S]*Unyielding Bronze, 3 stars/,
    refused: /before you joined us/,
    notADay: /write the day as/,
    notOver: /is not over yet/,
    counts: /counts already/,
    tooSoon: /Your time zone has changed/,
    again: /Checked in[\s\S]*Streak: 2 days/,
  },
  {
    language: 'ru',
    title: /3 карточки восстановления/,
    confirm: '🃏 Да, потратить карточку',
    madeUp: /День засчитан[\s\S]*Серия: 3 дня[\s\S]*2 карточки восстановления/,
    nothing: /Нет пропущенных дней/,
    figures: /Ваша статистика[\s\S]*Всего: 3 дня[\s\S]*Упрямая бронза, 3 звезды/,
    refused: /вы ещё не были с нами/,
    notADay: /Напишите день так/,
    notOver: /ещё не закончился/,
    counts: /уже засчитан/,
    tooSoon: /Ваш часовой пояс изменился/,
    again: /засчитана[\s\S]*Серия: 2 дня/,
  },
];

function later(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

describe.each(stageKinds)('points and check-ins on $title', (kind) => {
  const stage = useStage(kind, { environment: { POINTS_JOB_INTERVAL_MS: '200', CHECK_IN_CALENDAR: 'member' } });

  let admin: RestClient;
  let adminChat: EmulatedMember;
  // Signs in while the clock is right; its tokens outlive what the tests do to the clock.
  beforeAll(async () => {
    if (kind.isThere) ({ chat: adminChat, rest: admin } = await firstAdmin(stage()));
  });
  afterEach(async () => {
    if (kind.isThere) await stage().clockOffset(0);
  });

  const newcomer = async (firstName: string) => {
    const { chat, rest } = await stage().person({ first_name: firstName, language_code: 'en' });
    await chat.start();
    const { id } = await rest.get<{ id: number }>('/v1/users/me');
    const { day } = await rest.get<Today>('/v1/check-ins/today');
    return { chat, rest, id, first: day };
  };
  /** Checks in on days after the first, and leaves the clock at the last. */
  const comeOn = async (rest: RestClient, ...days: number[]) => {
    for (const day of days) {
      await stage().clockOffset(day * dayMs);
      await rest.post('/v1/check-ins');
    }
  };
  const refusal = async (request: Promise<unknown>): Promise<unknown> =>
    request.then(
      () => null,
      (error: { answer?: { status: number; code: number } }) => [error.answer?.status, error.answer?.code],
    );

  it('P-03, P-04: a missed day is made up by REST: streak, bonus, card and rank follow', async () => {
    const { chat, rest, id, first } = await newcomer('Makeup');
    await comeOn(rest, 0, 1, 2, 4, 5, 6, 7);
    expect(await rest.get('/v1/check-ins/today')).toMatchObject({ streak_days: 4, total_days: 7, makeup_cards: 3 });
    const missed = later(first, 3);
    const month = await rest.get<Month>(`/v1/check-ins/calendar?month=${missed.slice(0, 7)}`);
    expect(month.can_make_up).toEqual([missed]);
    const makeUp = (day: string) => rest.post('/v1/check-ins/makeups', { body: { day } });
    expect(await makeUp(missed)).toMatchObject({
      ...{ day: missed, streak_days: 8, total_days: 8, bonuses: [{ streak_days: 8, points: 20 }] },
      ...{ cards_earned: 1, makeup_cards: 3, balance: 90, rank: { name: 'silver', stars: 1 }, rank_reached: true },
    });
    await chat.waitForMessage(/risen to a new rank: Orderly Silver, 1 star!/, soon);
    expect(await refusal(makeUp(missed))).toEqual([409, 20405]);
    expect(await refusal(makeUp(later(first, 6)))).toEqual([409, 20405]);
    expect(await refusal(makeUp(later(first, 7)))).toEqual([409, 20403]);
    expect(await refusal(makeUp(later(first, 8)))).toEqual([409, 20403]);
    expect(await refusal(makeUp(later(first, -1)))).toEqual([409, 20404]);
    expect(await refusal(makeUp('2026-02-30'))).toEqual([400, 20001]);
    const kinds = (await rest.get<Month>(`/v1/check-ins/calendar?month=${missed.slice(0, 7)}`)).days;
    expect(kinds).toContainEqual(expect.objectContaining({ day: missed, kind: 'makeup' }));
    expect(await rest.get('/v1/points/statistics')).toMatchObject({
      ...{ total_days: 8, streak_days: 8, next_rank_in_days: 23, lifetime_earned: 90 },
      by_type: [
        { type: 'check_in', issued: 70, spent: 0 },
        { type: 'streak_bonus', issued: 20, spent: 0 },
      ],
    });
    await auditEntries(admin, id, ['points.day_made_up.v1', 'points.rank_reached.v1']);
  });

  it('P-02, P-03, P-04, P-10: calendar, makeup, rank and figures by bot, in each language', async () => {
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const chats = words.map(({ language }) => stage().emulator.member({ first_name: 'Mila', language_code: language }));
    await Promise.all(chats.map((chat) => chat.start()));
    for (const day of [0, 2]) {
      await stage().clockOffset(day * dayMs);
      await Promise.all(
        chats.map(async (chat) => {
          await chat.send('/checkin');
          await chat.waitForMessage(/✅[^\n]*\+/, soon);
        }),
      );
    }
    await Promise.all(
      chats.map(async (chat, index) => {
        const sentences = words[index] as (typeof words)[number];
        await chat.send('/makeup');
        await chat.waitForMessage(sentences.title, soon);
        await chat.click(/✏️/);
        await chat.click(sentences.confirm);
        await chat.waitForMessage(sentences.madeUp, soon);
        await chat.send('/makeup');
        await chat.waitForMessage(sentences.nothing, soon);
        await chat.send('/makeup 2026-01-01');
        await chat.waitForMessage(sentences.refused, soon);
        for (const [day, answer] of [
          [today, sentences.counts],
          [later(today, 2), sentences.notOver],
        ] as const) {
          await chat.send(`/makeup ${day}`);
          await chat.waitForMessage(answer, soon);
        }
        await chat.send('/makeup yesterday');
        await chat.waitForMessage(sentences.notADay, soon);
        await chat.send('/mystats');
        await chat.waitForMessage(sentences.figures, soon);
        await chat.send('/calendar');
        await chat.click('◀️');
        await chat.click('▶️');
      }),
    );
  });

  it('P-02: a change of the time zone gains no day, by REST and in the chat, in each language', async () => {
    const people = await Promise.all(
      words.map(async (sentences) => {
        const { chat, rest } = await stage().person({ first_name: 'Marco', language_code: sentences.language });
        await chat.start();
        return { chat, rest, sentences };
      }),
    );
    // Eight in the evening in Shanghai: far in the east the next day has begun.
    const eveningMs = (dayMs + eveningOfDayMs - (Date.now() % dayMs)) % dayMs;
    await stage().clockOffset(eveningMs);
    const [{ rest }] = people as [(typeof people)[number]];
    const { day } = await rest.get<Today>('/v1/check-ins/today');
    await Promise.all(
      people.map(async (person) => {
        await person.rest.post('/v1/check-ins');
        await person.rest.call('PATCH', '/v1/users/me/settings', { body: { timezone: 'Pacific/Kiritimati' } });
        await eventually(async () => {
          const today = await person.rest.get('/v1/check-ins/today');
          expect(today).toMatchObject({ day: later(day, 1), checked_in: false, streak_days: 1 });
        }, soon);
        expect(await refusal(person.rest.post('/v1/check-ins'))).toEqual([409, 20402]);
        await person.chat.send('/checkin');
        await person.chat.waitForMessage(person.sentences.tooSoon, soon);
      }),
    );
    await stage().clockOffset(eveningMs + untilMidnightMs);
    await Promise.all(
      people.map(async ({ chat, sentences }) => {
        await chat.send('/checkin');
        await chat.waitForMessage(sentences.again, soon);
      }),
    );
    await rest.call('PATCH', '/v1/users/me/settings', { body: { timezone: 'Asia/Shanghai' } });
    await eventually(
      async () => expect(await rest.get('/v1/check-ins/today')).toMatchObject({ timezone: 'Asia/Shanghai' }),
      soon,
    );
    expect(await refusal(rest.post('/v1/check-ins'))).toEqual([409, 20401]);
    expect(await rest.get('/v1/points/balance')).toMatchObject({ balance: 20 });
  });

  it('P-02: an amnesty mends the streaks that an outage broke, and can be undone', async () => {
    const { rest, id, first } = await newcomer('Outage');
    await comeOn(rest, 0, 1, 3);
    const streak = async () => (await rest.get<Today>('/v1/check-ins/today')).streak_days;
    expect(await streak()).toBe(1);
    const body = { from_day: later(first, 2), until_day: later(first, 2), reason };
    expect(await refusal(rest.post('/v1/admin/amnesties', { body }))).toEqual([403, 20012]);
    expect(await refusal(admin.post('/v1/admin/amnesties', { body }))).toEqual([403, 20022]);
    const sure = await steppedUp(adminChat, admin);
    const wrong = { ...body, until_day: first };
    expect(await refusal(sure.post('/v1/admin/amnesties', { body: wrong }))).toEqual([400, 20412]);
    const amnesty = await sure.post<{ id: number }>('/v1/admin/amnesties', { body });
    await eventually(async () => expect(await streak()).toBe(3), soon);
    await auditEntries(admin, id, ['points.streak_recounted.v1']);
    await sure.post(`/v1/admin/amnesties/${amnesty.id}/undo`, { body: { reason } });
    await eventually(async () => expect(await streak()).toBe(1), soon);
    expect(await refusal(sure.post(`/v1/admin/amnesties/${amnesty.id}/undo`, { body: { reason } }))).toEqual([
      409, 20411,
    ]);
  });

  it('P-01: admins freeze, release, debit and take back by REST, the member sees it in the chat, the books stay right', async () => {
    const { chat, rest, id } = await newcomer('Ledger');
    await rest.post('/v1/check-ins');
    const freeze = (points: number) =>
      admin.post<{ id: number }>('/v1/admin/points/holds', { body: { user_id: id, points, reason } });
    const hold = await freeze(8);
    expect(await rest.get('/v1/points/balance')).toMatchObject({ balance: 10, frozen: 8, available: 2 });
    expect(await refusal(freeze(3))).toEqual([409, 20003]);
    expect(await refusal(freeze(0))).toEqual([400, 20001]);
    expect(await refusal(freeze(1.5))).toEqual([400, 20001]);
    const settle = (what: string, points: number) =>
      admin.post(`/v1/admin/points/holds/${hold.id}/${what}`, { body: { points, reason } });
    expect(await settle('releases', 3)).toMatchObject({ remaining: 5 });
    expect(await settle('debits', 4)).toMatchObject({ remaining: 1 });
    expect(await refusal(settle('debits', 2))).toEqual([409, 20504]);
    expect(await settle('releases', 1)).toMatchObject({ remaining: 0 });
    const { items } = await rest.get<{ items: { id: number; type: string; points: number }[] }>('/v1/points/records');
    expect(items.map(({ type, points }) => [type, points])).toEqual([
      ['frozen_debit', -4],
      ['check_in', 10],
    ]);
    const takeBack = () => admin.post(`/v1/admin/points/records/${items[0]?.id}/reversals`, { body: { reason } });
    expect(await takeBack()).toMatchObject({ points: 4, type: 'reversal', reverses_id: items[0]?.id });
    expect(await refusal(takeBack())).toEqual([409, 20506]);
    await admin.post('/v1/check-ins');
    const own = (await admin.get<{ items: { id: number }[] }>('/v1/points/records')).items[0];
    const takeBackOwn = admin.post(`/v1/admin/points/records/${own?.id}/reversals`, { body: { reason } });
    expect(await refusal(takeBackOwn)).toEqual([403, 20552]);
    const { id: adminId } = await admin.get<{ id: number }>('/v1/users/me');
    const giveOwn = admin.post(`/v1/admin/users/${adminId}/makeup-cards`, { body: { cards: 1, reason } });
    expect(await refusal(giveOwn)).toEqual([403, 20552]);
    const ofNobody = admin.post('/v1/admin/points/holds', { body: { user_id: 999_999_999, points: 1, reason } });
    expect(await refusal(ofNobody)).toEqual([404, 20002]);
    expect(await rest.get('/v1/points/balance')).toMatchObject({ balance: 10, frozen: 0, lifetime_earned: 10 });
    await chat.send('/points');
    await chat.waitForMessage(/taken from points on hold[\s\S]*check-in/, soon);
    await eventually(async () => {
      const verified = await admin.get<{ checked_records: number }>('/v1/admin/points/ledger/verification?limit=20');
      expect(verified).toMatchObject({ problems: [] });
      expect(verified.checked_records).toBeGreaterThan(0);
    }, soon);
    expect(await admin.get('/v1/admin/points/ledger/imbalances')).toMatchObject({ total: 0 });
    expect(metricSum(await stage().metrics(), 'coser_points_ledger_imbalance')).toBe(0);
    await auditEntries(admin, id, ['points.hold_changed.v1', 'points.balance_changed.v1']);
  });

  it('P-10: tells admins what was issued and spent, by day and type', async () => {
    const { rest, first } = await newcomer('Figures');
    await rest.post('/v1/check-ins');
    const longAgo = 'from_day=0000-01-01&until_day=0000-01-02';
    expect(await refusal(admin.get(`/v1/admin/points/statistics?${longAgo}`))).toEqual([400, 20001]);
    const range = `from_day=${first}&until_day=${first}`;
    const figures = await admin.get<{ days: { check_ins: number; by_type: { type: string; issued: number }[] }[] }>(
      `/v1/admin/points/statistics?${range}`,
    );
    const [today] = figures.days;
    expect(today?.check_ins).toBeGreaterThan(0);
    expect(today?.by_type.find(({ type }) => type === 'check_in')?.issued).toBe(10 * (today?.check_ins ?? 0));
    const wrong = `from_day=${first}&until_day=${later(first, 31)}`;
    expect(await refusal(admin.get(`/v1/admin/points/statistics?${wrong}`))).toEqual([400, 20001]);
    expect(await refusal(rest.get(`/v1/admin/points/statistics?${range}`))).toEqual([403, 20012]);
  });
});
