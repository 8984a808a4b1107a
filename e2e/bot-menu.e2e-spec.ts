import { describe, expect, it } from 'vitest';
import { eventually, type EmulatedMember } from '#testing';
import { stageKinds, useStage, type Stage } from './stages/index.js';
import { auditEntries } from './stages/platform.readings.js';

const soon = { timeoutMs: 30_000 };

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

  it('B-02 brings a friend in by an inline card, and answers a group without flooding it', async () => {
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

  it('B-04 lets an admin find, help and stop a member, by bot and by REST, and nobody else', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Zinaida', language_code: 'en' });
    const { id } = await rest.get<{ id: number }>('/v1/users/me');
    await chat.start();
    await chat.waitForMessage(/Good to see you again/, soon);
    const admin = await adminChat(stage());
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
    const found = await admin.rest.get<{ items: { id: number }[] }>(`/v1/admin/users?query=%23${id}`);
    expect(found.items.map((user) => user.id)).toEqual([id]);
    await admin.rest.post(`/v1/admin/users/${id}/membership-grants`, { body: { days: 2, reason: 'by the console' } });
    await admin.chat.send(`/admin #${id}`);
    await admin.chat.click('🚫 Ban');
    await admin.chat.send('sold fake tickets');
    await admin.chat.click('✅ Yes, do it');
    await admin.chat.waitForMessage(/Done: banned/, soon);
    await auditEntries(admin.rest, id, [
      'entitlement.membership_granted.v1',
      'points.points_adjusted.v1',
      'user.status_changed.v1',
    ]);
    await admin.chat.click('👤 The member');
    await admin.chat.click('🕊 Lift the ban');
    await admin.chat.send('it was a mistake');
    await admin.chat.click('✅ Yes, do it');
    await admin.chat.waitForMessage(/ban is lifted/, soon);
    const { chat: other } = await stage().person({ first_name: 'Curious', language_code: 'en' });
    await other.send('/admin Zinaida');
    await other.waitForMessage(/did not get that/, soon);
  });
});

/** The admin at both doors. */
async function adminChat(stage: Stage): Promise<{ chat: EmulatedMember; rest: Awaited<ReturnType<Stage['admin']>> }> {
  const rest = await stage.admin();
  const { telegram_id } = await rest.get<{ telegram_id: string }>('/v1/users/me');
  const chat = stage.emulator.member({ id: Number(telegram_id), first_name: 'Admin', language_code: 'en' });
  await chat.start();
  await chat.click('English');
  await chat.waitForMessage(/we speak English now/, soon);
  return { chat, rest };
}
