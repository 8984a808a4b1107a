import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AcknowledgeVelocityAlarm,
  AdjustPoints,
  BanUser,
  CreateSystemCodes,
  GrantMembership,
  ListVelocityAlarms,
  locales,
  ResolveVelocityAlarm,
  UnbanUser,
} from '#contracts';
import { eventually } from '#testing';
import type { EmulatedMember } from '#testing/bot-emulator';
import { alarm, at } from './admin-screens.fixture.js';
import { BotWorld } from './bot-world.fixture.js';

describe('the admin menu of the bot (B-04)', () => {
  let world: BotWorld;
  let anna: EmulatedMember;
  let olga: EmulatedMember;

  beforeEach(async () => {
    world = await BotWorld.start({ webhook: true });
    anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    olga = world.emulator.member({ first_name: 'Olga', language_code: 'en' });
    world.platform.add(anna.id, 'Anna', 'en');
    world.platform.add(olga.id, 'Olga', 'en', { role: 'admin' });
  });
  afterEach(() => world.stop());

  it('does not exist for anybody else, neither by command nor by forged button', async () => {
    await anna.send('/admin');
    await anna.waitForMessage(/did not get that/);
    await anna.send('/admin Olga');
    await anna.waitForMessage(/did not get that/);
    await anna.send('/menu');
    const menu = await anna.waitForMessage(/What would you like to do/);
    expect(JSON.stringify(menu.reply_markup)).not.toContain('Admin');
    for (const data of [
      '1:a_find',
      '1:section:admin',
      '1:a_card:2',
      '1:a_plan:1:month',
      '1:a_points_ok:1',
      '1:a_approve:1',
      '1:a_casts',
      '1:a_cast_new',
      '1:a_cast_go:1:1:0123456789abcdef',
    ]) {
      await world.press(anna.user, menu.message_id, anna.id, data);
    }
    expect(world.answersIn(anna.chat()).filter((text) => /Olga|Admin|looking for/.test(text))).toEqual([]);
    expect(world.platform.timesHandled(GrantMembership)).toBe(0);
  });

  it('shows admins their commands in their own chat alone', async () => {
    await olga.send('/menu');
    const menu = await olga.waitForMessage(/What would you like to do/);
    expect(JSON.stringify(menu.reply_markup)).toContain('Admin');
    await eventually(() => {
      const found = world.emulator.calls('setMyCommands').map(({ parameters }) => JSON.stringify(parameters));
      const withAdmin = found.filter((list) => list.includes('Look after the community'));
      expect(withAdmin).toHaveLength(1);
      expect(withAdmin[0]).toContain(`"chat_id":${olga.id}`);
    });
  });

  it('finds a member, shows the card and what happened', async () => {
    await olga.send('/admin');
    await olga.waitForMessage(/Only admins see this/);
    await olga.click('🔍 Find a member');
    await olga.send('Nobody');
    await olga.waitForMessage(/found nobody/);
    await olga.send('Anna');
    await olga.waitForMessage(/Anna[\s\S]*No membership yet/);
    await olga.click('📜 History');
    await olga.waitForMessage(/user\.created\.v1/);
    world.platform.add(77, 'Annabel', 'en');
    await olga.send('/admin Anna');
    await olga.waitForMessage(/Whom do you mean/);
    await olga.click(/^Annabel/);
    await olga.waitForMessage(/Annabel[\s\S]*Telegram 77/);
  });

  it('gives a membership once, after a look at it, and not from an older confirmation', async () => {
    await olga.send('/admin Anna');
    await olga.click('🎟 Give membership');
    await olga.click('✏️ Another number of days');
    await olga.send('soon');
    await olga.waitForMessage(/no number of days/);
    await olga.send('14');
    await olga.waitForMessage(/Why\?/);
    await olga.send('x');
    await olga.waitForMessage(/3 to 255/);
    await olga.send('helped at the desk');
    const preview = await olga.waitForMessage(/Please check[\s\S]*Anna[\s\S]*14 days[\s\S]*helped at the desk/);
    const [confirm] = preview.reply_markup?.inline_keyboard.flat() ?? [];
    const data = confirm?.callback_data ?? '';
    await olga.click('✅ Yes, do it');
    await olga.waitForMessage(/now runs until 18 May 2031/);
    await world.press(olga.user, preview.message_id, olga.id, data);
    expect(world.platform.timesHandled(GrantMembership)).toBe(1);
    await olga.send('/admin Anna');
    await olga.click('🎟 Give membership');
    await olga.click('A month');
    await olga.send('a second one');
    await olga.waitForMessage(/Please check[\s\S]*A month/);
    await world.press(olga.user, preview.message_id + 1_000, olga.id, data);
    await olga.waitForMessage(/no longer valid/);
    expect(world.platform.timesHandled(GrantMembership)).toBe(1);
  });

  it('shows how things are now where another admin was faster with a ban', async () => {
    const { profile } = world.platform.member(anna.id);
    world.platform.answerWith(UnbanUser, () => {
      profile.status = 'active';
      return { user_id: profile.id, status: 'active' as const };
    });
    await olga.send('/admin Anna');
    await olga.waitForMessage(/Anna[\s\S]*Active/);
    profile.status = 'banned';
    await olga.click('🚫 Ban');
    await olga.waitForMessage(/Anna[\s\S]*Banned/);
    await olga.click('🕊 Lift the ban');
    await olga.waitForMessage(/Lift the ban of Anna/);
    profile.status = 'active';
    await olga.send('it was a mistake');
    await olga.waitForMessage(/Anna[\s\S]*Active/);
    await world.press(olga.user, 1_000_000, olga.id, '1:a_ban:1:unban');
    await olga.waitForMessage(/Anna[\s\S]*Active/);
    expect(world.platform.timesHandled(UnbanUser)).toBe(0);
    expect(world.platform.timesHandled(BanUser)).toBe(0);
    profile.status = 'banned';
    await olga.send('/admin Anna');
    await olga.click('🕊 Lift the ban');
    await olga.send('it was a mistake');
    await olga.waitForMessage(/Please check[\s\S]*Lift the ban of: Anna[\s\S]*it was a mistake/);
    await olga.click('✅ Yes, do it');
    await olga.waitForMessage(/the ban is lifted/);
    expect(world.platform.timesHandled(UnbanUser)).toBe(1);
  });

  it('makes as many codes as there may be over REST, and hands many out as a file (U-05)', async () => {
    const code = { id: 1, kind: 'system_trial', plan: 'trial', days: 7, max_uses: 1, uses: 0 } as const;
    const ends = { valid_from: null, valid_until: null, enabled: true, batch: null, created_at: at };
    world.platform.answerWith(CreateSystemCodes, (input) => {
      const { count } = CreateSystemCodes.input.parse(input);
      return {
        items: Array.from({ length: count }, (_, index) => ({ ...code, ...ends, code: `CODE${index + 1_000}` })),
      };
    });
    const make = async (count: string): Promise<void> => {
      await world.press(olga.user, 1_000_000, olga.id, '1:a_code_trial');
      await olga.waitForMessage(/How many codes/);
      await olga.send(count);
    };
    await olga.start();
    await make('501');
    await olga.waitForMessage(/from 1 to 500/);
    for (const [count, title] of [
      ['500', /500 new codes<?\/?b?>? are in the file/],
      ['50', /Here are 50 new codes[\s\S]*CODE1000[\s\S]*CODE1049/],
    ] as const) {
      await make(count);
      await olga.waitForMessage(/How many people/);
      await olga.send('1');
      await olga.waitForMessage(/How long can they be used/);
      await olga.click('♾ At once and without an end');
      const preview = await olga.waitForMessage(new RegExp(`check: ${count} new codes`));
      const data = preview.reply_markup?.inline_keyboard[0]?.[0]?.callback_data ?? '';
      await olga.click('✅ Yes, do it');
      await olga.waitForMessage(title);
      await world.press(olga.user, preview.message_id, olga.id, data);
    }
    expect(world.platform.timesHandled(CreateSystemCodes)).toBe(2);
    const files = olga.chat().flatMap(({ document }) => document ?? []);
    const wanted = { file_name: expect.stringMatching(/^invite-codes-\d+\.txt$/) as string, file_size: 500 * 9 };
    expect(files).toEqual([expect.objectContaining(wanted), expect.objectContaining(wanted)]);
  });

  it('shows how the community does today', async () => {
    await olga.send('/admin');
    await olga.click('📊 Statistics');
    const shown = await olga.waitForMessage(/Members: 1,234, banned: 2/);
    expect(shown.text).toMatch(
      /Active: 5 today, 6 in 7 days[\s\S]*Newcomers: 3 today[\s\S]*linked: 4[\s\S]*something_new: 1/,
    );
  });

  it('gives and takes points, in each language', async () => {
    for (const locale of locales) {
      world.platform.member(olga.id).profile.locale = locale;
      await world.forgetCache();
      await olga.send('/admin Anna');
      await olga.click({ data: '1:a_points:1' });
      await olga.send('fifty');
      await olga.waitForMessage(/\+50/);
      await olga.send('−5 counted twice');
      const preview = await olga.waitForMessage(/counted twice/);
      await olga.click({ data: preview.reply_markup?.inline_keyboard[0]?.[0]?.callback_data ?? '' });
      await olga.waitForMessage(/^✅/);
    }
    expect(world.platform.timesHandled(AdjustPoints)).toBe(locales.length);
    expect(world.platform.member(anna.id).balance).toBe(-15);
  });

  it.each([
    {
      locale: 'zh',
      shown: /尚无人处理[\s\S]*会员 #1[\s\S]*600 积分[\s\S]*2 条记录/,
      taken: /核查中/,
      closed: '已关闭',
    },
    { locale: 'en', shown: /nobody has looked[\s\S]*Member #1/, taken: /being looked into/, closed: 'closed' },
    {
      locale: 'ru',
      shown: /никто ещё не смотрел[\s\S]*Участник #1[\s\S]*600 баллов[\s\S]*2 записи/,
      taken: /разбираемся/,
      closed: 'закрыта',
    },
  ] as const)(
    'P-09: shows an alarm of points, takes and closes it, in $locale',
    async ({ locale, shown, taken, closed }) => {
      let current = alarm;
      const become = (change: Partial<typeof alarm>) =>
        (current = { ...current, ...change, handled_by: 2, handled_at: at });
      world.platform.answerWith(ListVelocityAlarms, (input) => {
        const { state, page, page_size } = ListVelocityAlarms.input.parse(input);
        const items = state === current.state ? [current] : [];
        return { items, page, page_size, total: items.length };
      });
      world.platform.answerWith(AcknowledgeVelocityAlarm, () => become({ state: 'acknowledged' }));
      world.platform.answerWith(ResolveVelocityAlarm, (input) => {
        const { note } = ResolveVelocityAlarm.input.parse(input);
        return become({ state: 'resolved', note });
      });
      world.platform.member(olga.id).profile.locale = locale;
      await olga.send('/admin');
      await olga.click({ data: '1:a_alarms' });
      await olga.click({ data: '1:a_alarm:7:open:1' });
      await olga.waitForMessage(shown);
      await olga.click({ data: '1:a_alarm_take:7' });
      await olga.waitForMessage(taken);
      await olga.click({ data: '1:a_alarm_close:7' });
      await olga.send('prizes of the contest');
      await olga.waitForMessage(new RegExp(`${closed}[\\s\\S]*#2[\\s\\S]*prizes of the contest`));
      // An old button opens its list, where the alarm is not any more.
      await world.press(olga.user, 1_000_000, olga.id, '1:a_alarm:7:open:1');
      await olga.waitForMessage(/🔴[^\n]*[:：] ?0/);
    },
  );
});
