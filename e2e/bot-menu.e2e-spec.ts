import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { walkThroughConsoleAccounts, walkThroughRights } from './bot-admin/admin.walks.js';
import { screenAdmins, walkThroughScreens } from './bot-admin/screen.walks.js';
import { ledgerKnows, openAdmins } from './stages/admin.doors.js';
import { stageKinds, steppedUp, useStage, type Person } from './stages/index.js';
import { audienceIs, auditEntries } from './stages/platform.readings.js';

const soon = { timeoutMs: 30_000 };

/** A chat takes a message a second: each walk has an admin of its own. */
const adminNames = [
  'first',
  'giver',
  'guard',
  'editor',
  'planner',
  'reviewer',
  'keeper',
  'cashier',
  'auditor',
  ...screenAdmins,
] as const;

interface Identified {
  id: number;
}

interface Broadcast extends Identified {
  title: string;
  status: string;
}

const words = [
  {
    language: 'zh-hans',
    welcome: /很高兴认识你/,
    membership: '⭐ 会员',
    section: /如何邀请好友/,
    back: '🏠 菜单',
    menu: /想做点什么/,
  },
  {
    language: 'en',
    welcome: /nice to meet you/,
    membership: '⭐ Membership',
    section: /bring friends in/,
    back: '🏠 Menu',
    menu: /like to do/,
  },
  {
    language: 'ru',
    welcome: /рады знакомству/,
    membership: '⭐ Членство',
    section: /приглашения для друзей/,
    back: '🏠 Меню',
    menu: /чем займёмся/,
  },
];

describe.each(stageKinds)("the bot's menu on $title", (kind) => {
  const stage = useStage(kind);
  let admins: Record<(typeof adminNames)[number], Person>;

  beforeAll(async () => {
    if (kind.isThere) admins = await openAdmins(stage(), adminNames);
  }, 120_000);

  const member = async (first_name: string, language_code = 'en'): Promise<Person & Identified> => {
    const person = await stage().person({ first_name, language_code });
    await person.chat.start();
    return { ...person, id: (await person.rest.get<Identified>('/v1/users/me')).id };
  };
  const balanceOf = async ({ rest }: Person): Promise<number> =>
    (await rest.get<{ balance: number }>('/v1/points/balance')).balance;

  it.concurrent.each(words)('B-01 leads $language through the menu, its sections and back', async (sentences) => {
    const chat = stage().emulator.member({ first_name: 'Nika', language_code: sentences.language });
    await chat.start();
    const greeting = await chat.waitForMessage(sentences.welcome, soon);
    expect(greeting.keyboard?.keyboard?.flat()).toHaveLength(3);
    const menu = await chat.waitForMessage(sentences.menu, soon);
    expect(JSON.stringify(menu.reply_markup)).not.toContain('🛠');
    await chat.click(sentences.membership);
    const section = await chat.waitForMessage(sentences.section, soon);
    expect(section.message_id).toBe(menu.message_id);
    await chat.click(sentences.back);
    await chat.waitForMessage(sentences.menu, soon);
  });

  it('B-01 registers its commands for each language and scope', async () => {
    const wanted = ['all_private_chats', 'all_group_chats', 'all_chat_administrators'].flatMap((scope) =>
      ['zh', 'en', 'ru'].map((language) => [scope, language] as const),
    );
    // The bot writes them one after the other, beside its answers.
    await eventually(() => {
      const sets = stage()
        .emulator.calls('setMyCommands')
        .map(({ parameters }) => JSON.stringify(parameters));
      const missing = wanted.filter(
        ([scope, language]) =>
          !sets.some((set) => set.includes(scope) && set.includes(`"language_code":"${language}"`)),
      );
      expect(missing).toEqual([]);
    }, soon);
  });

  it('B-02, P-02 brings a friend in by an inline card, and answers a group without flooding it', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Vera', language_code: 'en' });
    await chat.start('inv_COSPLAY7');
    await chat.waitForMessage(/Welcome aboard/, soon);
    await rest.post('/v1/invite-codes', { body: {} });
    const cards = (await chat.inlineQuery('invite')) as { id: string; reply_markup: object }[];
    expect(cards.map(({ id }) => id)).toContain('invitation');
    const code = /inv_([A-Z0-9]{8})/.exec(JSON.stringify(cards))?.[1];
    const friend = stage().emulator.member({ first_name: 'Friend', language_code: 'en' });
    await friend.start(`inv_${code ?? ''}`);
    await friend.waitForMessage(/Welcome aboard, Friend/, soon);
    const group = stage().emulator.group({ title: 'Club' });
    await friend.join(group);
    for (let count = 0; count < 4; count += 1) await friend.sendIn(group, '/checkin');
    await friend.waitForMessage(/already checked in/, { group, ...soon });
    await friend.send('/points');
    await friend.waitForMessage(/You have \d+ points/, soon);
    const answers = group.messages().filter(({ text = '' }) => /hecked in/.test(text));
    expect(answers).toHaveLength(2);
  });

  it.concurrent('B-04 lets an admin find and help a member, by bot and by REST, and nobody else', async () => {
    const { chat, id } = await member('Zinaida');
    await chat.waitForMessage(/Good to see you again/, soon);
    const admin = admins.giver;
    await admin.chat.send('/admin Zinaida');
    await admin.chat.waitForMessage(/Zinaida[\s\S]*No membership yet/, soon);
    await admin.chat.click('🎟 Give membership');
    await admin.chat.click('A month');
    await admin.chat.send('for the stage design');
    await admin.chat.click('✅ Yes, do it');
    await admin.chat.waitForMessage(/now runs until/, soon);
    await chat.waitForMessage(/Your membership is active until/, soon);
    await admin.chat.click('👤 The member');
    await admin.chat.click('💰 Give or take points');
    await admin.chat.send('+25 photo contest');
    await admin.chat.click('✅ Yes, do it');
    await admin.chat.waitForMessage(/new balance: 25 points/, soon);
    const found = await admin.rest.get<{ items: Identified[] }>(`/v1/admin/users?query=%23${id}`);
    expect(found.items.map((user) => user.id)).toEqual([id]);
    await admin.rest.post(`/v1/admin/users/${id}/membership-grants`, { body: { days: 2, reason: 'by the console' } });
    await auditEntries(admin.rest, id, ['entitlement.membership_granted.v1', 'points.points_adjusted.v1']);
    const { chat: other } = await member('Curious');
    await other.send('/admin Zinaida');
    await other.waitForMessage(/did not get that/, soon);
  });

  it.concurrent('B-04 lets an admin ban a member and lift the ban, in the chat', async () => {
    const admin = admins.guard;
    const { id } = await member('Trickster');
    await admin.chat.send(`/admin #${id}`);
    await admin.chat.click('🚫 Ban');
    await admin.chat.send('sold fake tickets');
    await admin.chat.click('✅ Yes, do it');
    await admin.chat.waitForMessage(/Done: banned/, soon);
    await admin.chat.click('👤 The member');
    await admin.chat.click('🕊 Lift the ban');
    await admin.chat.send('it was a mistake');
    await admin.chat.click('✅ Yes, do it');
    await admin.chat.waitForMessage(/ban is lifted/, soon);
    await auditEntries(admin.rest, id, ['user.status_changed.v1']);
  });

  it.concurrent('B-04, N-10 lets an admin write a broadcast, look at it and send it', async () => {
    const { chat: reader, rest } = await stage().person({ first_name: 'Lena', language_code: 'ru' });
    await reader.start('inv_COSPLAY7');
    await reader.waitForMessage(/добро пожаловать/, soon);
    const admin = admins.editor;
    await admin.chat.send('/admin');
    await admin.chat.click('📣 Broadcasts');
    await admin.chat.click('➕ New broadcast');
    await admin.chat.waitForMessage(/What shall the broadcast be called/, soon);
    await admin.chat.send('Meeting');
    await admin.chat.send('See you on Saturday!');
    await admin.chat.waitForMessage(/Written in: English\n/, soon);
    await admin.chat.click('➕ Русский');
    await admin.chat.send('Увидимся в <субботу>!');
    await admin.chat.waitForMessage(/Written in: English, Русский/, soon);
    await admin.chat.click('👥 For whom');
    await admin.chat.click('Trial');
    await admin.chat.waitForMessage(/For: Trial/, soon);
    const { items } = await admin.rest.get<{ items: Broadcast[] }>('/v1/admin/broadcasts');
    const meeting = `/v1/admin/broadcasts/${items.find(({ title }) => title === 'Meeting')?.id}`;
    // The only Russian trial member is this reader.
    await audienceIs(1, admin.rest, { membership: ['trial'], locales: ['ru'] });
    await admin.chat.click('◀️ The broadcast');
    await admin.chat.click('👁 Preview and send');
    await admin.chat.waitForMessage(/^Увидимся в <субботу>!$/, soon);
    await admin.chat.waitForMessage(/will get it/, soon);
    await admin.chat.click(/^✅ Send it to/);
    await reader.waitForMessage(/^Увидимся в <субботу>!$/, soon);
    await eventually(async () => expect((await admin.rest.get<Broadcast>(meeting)).status).toBe('finished'), soon);
    expect((await rest.call('GET', meeting)).status).toBe(403);
    await admin.chat.send('/admin');
    await admin.chat.click('📣 Broadcasts');
    await admin.chat.waitForMessage(/Meeting: finished · \d+ of \d+/, soon);
  });

  it.concurrent('B-04, N-10 lets an admin plan a broadcast, pause it and stop it for good', async () => {
    const admin = admins.planner;
    await admin.chat.send('/admin');
    await admin.chat.click('📣 Broadcasts');
    await admin.chat.click('➕ New broadcast');
    await admin.chat.send('Later');
    await admin.chat.send('Not yet');
    await admin.chat.waitForMessage(/Later\n.*draft/, soon);
    await admin.chat.click('🕒 When');
    await admin.chat.send('2001-01-01 10:00');
    await admin.chat.waitForMessage(/day and time to come/, soon);
    await admin.chat.send('2041-05-04 18:30');
    await admin.chat.waitForMessage(/When: 4 May 2041/, soon);
    await admin.chat.click('👁 Preview and send');
    await admin.chat.click(/^✅ Send it to/);
    await admin.chat.click('⏸ Pause');
    await admin.chat.waitForMessage(/paused[\s\S]*Sent: 0 of/, soon);
    await admin.chat.click('✖️ Stop it');
    await admin.chat.click('✅ Yes, stop it for good');
    await admin.chat.waitForMessage(/stopped/, soon);
    const stopped = await admin.rest.get<{ items: Broadcast[] }>('/v1/admin/broadcasts?status=cancelled');
    expect(stopped.items.map(({ title }) => title)).toEqual(['Later']);
  });

  it.concurrent('P-05 lets an admin review works and confirm who took part, in the chat', async () => {
    const { chat, rest } = admins.reviewer;
    const author = await member('Mila');
    const submit = (title: string, text: string) =>
      author.rest.post('/v1/contents', { body: { kind: 'text', title, text } });
    await author.chat.waitForMessage(/Good to see you again/, soon);
    await author.chat.send('/submit');
    await author.chat.send('My <armour>');
    await author.chat.waitForMessage(/send the work itself/, soon);
    await author.chat.sendPhoto('armour', 'three months of work');
    await author.chat.waitForMessage(/has been handed in/, soon);
    await submit('A tutorial', 'Glue & patience');
    await chat.send('/admin');
    await chat.click('📝 Works to review');
    await chat.waitForMessage(/My <armour>[\s\S]*Mila[\s\S]*altogether: 2/, soon);
    expect(chat.chat().some(({ photo }) => photo !== undefined)).toBe(true);
    await chat.click('✅ 30');
    await chat.waitForMessage(/My <armour> is published: \+30 points/, soon);
    await author.chat.waitForMessage(/My <armour>[\s\S]*published[\s\S]*\+30 points/, soon);
    await chat.click('📝 Works to review');
    await chat.waitForMessage(/A tutorial[\s\S]*altogether: 1/, soon);
    await chat.click('❌ Reject');
    await chat.send('no');
    await chat.waitForMessage(/3 to 255/, soon);
    await chat.send('too short to learn from');
    await chat.waitForMessage(/not published: too short/, soon);
    await author.chat.waitForMessage(/A tutorial[\s\S]*too short to learn from/, soon);
    await chat.click('📝 Works to review');
    await chat.waitForMessage(/no work to look at/, soon);
    const times = [-1, 2].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
    const text = { zh: '摄影', en: 'Photo walk', ru: 'Фотопрогулка' };
    const event = {
      title: text,
      description: text,
      starts_at: times[0],
      ends_at: times[1],
      capacity: 5,
      points: 50,
      way: 'approval',
    };
    const { id } = await rest.post<Identified>('/v1/admin/activities', { body: event });
    await chat.click('🛠 Admin');
    await chat.click('🎪 Activities');
    await chat.click(/Photo walk/);
    await chat.click('🟢 Open it');
    await chat.waitForMessage(/Photo walk\n🟢 open/, soon);
    await author.rest.post(`/v1/activities/${id}/participation`, { body: {} });
    await author.rest.post(`/v1/activities/${id}/completion`, { body: { note: 'by the fountain' } });
    await chat.click('🙋 Who took part');
    await chat.waitForMessage(/Mila.*: by the fountain/, soon);
    await chat.click(`✅ #${author.id}`);
    await chat.waitForMessage(/Nobody is left/, soon);
    await eventually(async () => expect(await balanceOf(author)).toBe(80), soon);
  });

  it.concurrent('P-06 lets an admin try, switch, stop and question the rules, in the chat', async () => {
    const { chat, rest } = admins.keeper;
    await (await member('Early')).rest.post('/v1/check-ins', { body: {} });
    await eventually(async () => {
      const events = await rest.get<{ total: number }>('/v1/admin/rule-events?event_type=points.checked_in.v1');
      expect(events.total).toBeGreaterThan(0);
    }, soon);
    const open = async (): Promise<void> => {
      await chat.send('/admin');
      await chat.click('⚙️ Rules for points');
    };
    await open();
    await chat.click(/Daily check-in bonus/);
    await chat.waitForMessage(/switched off[\s\S]*a check-in[\s\S]*Gives: 5 points[\s\S]*streak_days/, soon);
    await chat.click('🧪 Try it out');
    await chat.waitForMessage(/what it would have given[\s\S]*Rewards: [1-9]/, soon);
    await chat.click('◀️ The rule');
    await chat.click('🟢 Switch on');
    await chat.waitForMessage(/🟢 switched on/, soon);
    const lucky = await member('Lucky');
    await lucky.rest.post('/v1/check-ins', { body: {} });
    await eventually(async () => expect(await balanceOf(lucky)).toBe(15), soon);
    await open();
    await chat.click('🧾 What happened');
    await chat.click(new RegExp(`#${lucky.id} · a check-in`));
    await chat.waitForMessage(/Daily check-in bonus — rewarded: \+5 points[\s\S]*✓/, soon);
    await open();
    await chat.click('⛔ Stop all');
    await chat.send('too generous');
    await chat.waitForMessage(/All rules are stopped: too generous/, soon);
    expect(await rest.get('/v1/admin/rule-switch')).toMatchObject({ on: false, reason: 'too generous' });
    await chat.click('▶️ Let them go on');
    await chat.send('all is well');
    await chat.waitForMessage(/switched on give points/, soon);
    await chat.click(/Daily check-in bonus/);
    await chat.click('⚪ Switch off');
    const shipped = await chat.waitForMessage(/⚪ switched off/, soon);
    expect(JSON.stringify(shipped.reply_markup)).not.toContain('Remove');
    const title = { zh: '误建', en: 'Made by mistake', ru: 'По ошибке' };
    const mistake = { title, event_type: 'points.checked_in.v1', points: 1, daily_limit: 1 };
    const { id } = await rest.post<{ id: number }>('/v1/admin/rules', { body: mistake });
    await open();
    await chat.click(/More/);
    await chat.click(/Made by mistake/);
    await chat.click('🗑 Remove');
    await chat.waitForMessage(/Remove the rule “Made by mistake”/, soon);
    await chat.click('🗑 Yes, remove it');
    const removed = await chat.waitForMessage(/Made by mistake\n🗑 removed/, soon);
    expect(JSON.stringify(removed.reply_markup)).not.toMatch(/Switch on|Remove/);
    expect(await rest.get(`/v1/admin/rules/${id}`)).toMatchObject({ removed_at: expect.any(String) as string });
  });

  it.concurrent('P-09 lets a second admin decide about large adjustments, in the chat and by REST', async () => {
    const { cashier, auditor } = admins;
    const winner = await member('Winner');
    await ledgerKnows(cashier.rest, winner.id);
    await cashier.chat.send(`/admin #${winner.id}`);
    await cashier.chat.click('💰 Give or take points');
    await cashier.chat.send('+5000 first prize');
    await cashier.chat.click('✅ Yes, do it');
    await cashier.chat.waitForMessage(/consent of a second admin/, soon);
    const pending = await cashier.rest.get<{ items: Identified[] }>(`/v1/admin/point-adjustments?user_id=${winner.id}`);
    const number = pending.items[0]?.id;
    await cashier.chat.send('/admin');
    await cashier.chat.click('⏳ To approve');
    await cashier.chat.click(`✅ No. ${number}`);
    await cashier.chat.waitForMessage(/Another admin has to decide/, soon);
    expect(await balanceOf(winner)).toBe(0);
    await auditor.chat.send('/admin');
    await auditor.chat.click('⏳ To approve');
    await auditor.chat.waitForMessage(new RegExp(`No. ${number}: \\+5,000 for #${winner.id}.*first prize`), soon);
    await auditor.chat.click(`✅ No. ${number}`);
    await auditor.chat.waitForMessage(/is approved. The new balance: 5,000 points/, soon);
    await winner.chat.waitForMessage(/5,?000 points[\s\S]*first prize/, soon);
    const sure = await steppedUp(auditor.chat, auditor.rest);
    const ask = async (points: number): Promise<string> => {
      const body = { user_id: winner.id, points, reason: 'second prize' };
      const { id } = await sure.post<Identified>('/v1/admin/point-adjustments', { body });
      return `/v1/admin/point-adjustments/${id}`;
    };
    const given = await ask(2_000);
    expect((await sure.call('POST', `${given}/approvals`, { body: {} })).code).toBe(20552);
    expect((await cashier.rest.call('POST', `${given}/approvals`, { body: {} })).code).toBe(20022);
    const sureToo = await steppedUp(cashier.chat, cashier.rest);
    expect(await sureToo.post(`${given}/approvals`, { body: {} })).toMatchObject({ state: 'applied' });
    const taken = await ask(-3_000);
    await cashier.chat.send('/admin');
    await cashier.chat.click('⏳ To approve');
    await cashier.chat.click(`❌ No. ${taken.split('/').at(-1)}`);
    await cashier.chat.send('nobody returned a prize');
    await cashier.chat.waitForMessage(/is rejected/, soon);
    expect(await balanceOf(winner)).toBe(7_000);
    await auditEntries(admins.first.rest, winner.id, ['points.points_adjusted.v1', 'points.adjustment_rejected.v1']);
  });

  walkThroughConsoleAccounts({ stage, admins: () => admins });
  walkThroughScreens({ stage, admins: () => admins });
  walkThroughRights({ isThere: kind.isThere, stage });
});
