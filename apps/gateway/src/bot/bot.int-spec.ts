import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckIn, MeetUser, RegisterWithCode } from '#contracts';
import { BotWorld } from './bot-world.fixture.js';

describe('the bot in a private chat', () => {
  let world: BotWorld;

  beforeEach(async () => {
    world = await BotWorld.start();
  });
  afterEach(() => world.stop());

  it.each([
    ['zh-hans', /很高兴认识你/, /邀请码/, '🎟 用邀请码加入'],
    ['en', /nice to meet you/, /invite code/, '🎟 Join with a code'],
    ['ru', /рады знакомству/, /код приглашения/, '🎟 Вступить по коду'],
    ['de', /nice to meet you/, /invite code/, '🎟 Join with a code'],
  ])('greets in the language of Telegram, %s', async (language_code, welcome, question, buttonText) => {
    const anna = world.emulator.member({ first_name: 'Anna <b>', language_code });
    await anna.start();
    const greeting = await anna.waitForMessage(welcome);
    expect(greeting.text).toContain('Anna <b>');
    const menu = await anna.waitForMessage(/🏠/);
    const languages = menu.reply_markup?.inline_keyboard.at(-1)?.map(({ text }) => text);
    expect(languages).toEqual(['中文', 'English', 'Русский']);
    await anna.click(buttonText);
    await anna.waitForMessage(question);
  });

  it('speaks the chosen language from then on', async () => {
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.start();
    await anna.click('Русский');
    await anna.waitForMessage(/теперь говорим по-русски/);
    expect(world.platform.member(anna.id).profile.locale).toBe('ru');
    await anna.send('/points');
    await anna.waitForMessage(/У вас 0 баллов/);
    await anna.send('/language');
    await anna.click('中文');
    await anna.waitForMessage(/接下来我们说中文/);
  });

  it('has keys below the input field, in whatever language they still are', async () => {
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.start();
    const greeting = await anna.waitForMessage(/nice to meet you/);
    expect(greeting.keyboard?.keyboard).toEqual([
      [{ text: '✅ Check in' }, { text: '💰 My points' }, { text: '🏠 Menu' }],
    ]);
    await anna.send('💰 My points');
    await anna.waitForMessage(/You have 0 points/);
    await anna.click('Русский');
    const changed = await anna.waitForMessage(/теперь говорим по-русски/);
    expect(changed.keyboard?.keyboard?.flat()[0]?.text).toBe('✅ Отметиться');
    await anna.send('/register');
    await anna.waitForMessage(/код приглашения/);
    await anna.send('✅ Check in');
    await anna.waitForMessage(/Отметка засчитана/);
    await anna.send('COSPLAY7');
    await anna.waitForMessage(/это код приглашения/);
  });

  it('registers by conversation: wrong code, another try, done', async () => {
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.send('/register');
    await anna.waitForMessage(/send me your invite code/);
    await anna.send('WRONG123');
    await anna.waitForMessage(/does not exist[\s\S]*another code/);
    await anna.send('this is far too long to be any invite code of ours');
    await anna.waitForMessage(/does not look like an invite code/);
    await anna.send('cosplay7');
    const done = await anna.waitForMessage(/Welcome aboard, Anna/);
    expect(done.text).toContain('11 May 2031 at 11:00');
    expect(done.reply_markup?.inline_keyboard.flat().map(({ text }) => text)).not.toContain('🎟 Join with a code');
    await anna.send('/register COSPLAY7');
    await anna.waitForMessage(/already active/);
  });

  it('registers by a deep link', async () => {
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'ru' });
    await anna.start('inv_COSPLAY7');
    await anna.waitForMessage(/добро пожаловать/);
    expect(world.platform.timesHandled(RegisterWithCode)).toBe(1);
    const boris = world.emulator.member({ first_name: 'Boris', language_code: 'en' });
    await boris.start('inv_NOSUCH');
    await boris.waitForMessage(/does not exist/);
    await boris.send('COSPLAY7');
    await boris.waitForMessage(/Welcome aboard/);
  });

  it('binds an address: the code to mail, how far it is, a new code', async () => {
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.send('/bind');
    await anna.waitForMessage(/Which e-mail address/);
    await anna.send('nonsense');
    await anna.waitForMessage(/does not look like an e-mail address/);
    await anna.send('anna@example.org');
    const shown = await anna.waitForMessage(/123456/);
    expect(shown.text).toContain('verify@coser.local');
    expect(shown.text).toContain('12:10');
    expect(shown.entities?.filter(({ type }) => type === 'code')).toHaveLength(2);
    expect(await anna.click('I have sent it')).toMatchObject({
      show_alert: true,
      text: expect.stringContaining('No mail'),
    });
    await anna.click('New code');
    await anna.waitForMessage(/123456/);
    const [first, second] = world.platform.verifications;
    expect([first?.email, second?.email]).toEqual(['anna@example.org', 'anna@example.org']);
    if (second) second.refusal = 'stale';
    await anna.click('I have sent it');
    await anna.waitForMessage(/was not accepted[\s\S]*clock of your device/);
    if (second) second.status = 'expired';
    await anna.click('I have sent it');
    await anna.waitForMessage(/has expired/);
    if (second) second.status = 'bound';
    await anna.click('I have sent it');
    await anna.waitForMessage(/is linked to your account/);
  });

  it('checks in once, and says how it stands the second time', async () => {
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'ru' });
    world.platform.add(anna.id, 'Anna', 'ru').streakDays = 6;
    await anna.send('/checkin');
    const done = await anna.waitForMessage(/Отметка засчитана: \+30 баллов/);
    expect(done.text).toMatch(/7 дней подряд: бонус \+20 баллов[\s\S]*Серия: 7 дней[\s\S]*Баланс: 30 баллов/);
    await anna.send('/checkin');
    await anna.waitForMessage(/уже отметились[\s\S]*Серия: 7 дней[\s\S]*Новый день начнётся в 00:00/);
    await anna.click('Мои баллы');
    await anna.waitForMessage(/У вас 30 баллов[\s\S]*\+10 · отметка/);
    expect(world.platform.timesHandled(CheckIn)).toBe(1);
  });

  it('turns the pages of the ledger in place', async () => {
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    world.platform.add(anna.id, 'Anna', 'en').balance = 170;
    await anna.send('/points');
    const first = await anna.waitForMessage(/You have 170 points[\s\S]*Page 1 of 3/);
    await anna.click('Older');
    await anna.waitForMessage(/Page 2 of 3/);
    await anna.click('Older');
    const last = await anna.waitForMessage(/Page 3 of 3/);
    expect(last.message_id).toBe(first.message_id);
    expect(last.reply_markup?.inline_keyboard.flat().map(({ text }) => text)).toEqual(['◀️ Newer', '🏠 Menu']);
  });

  it('shows the profile and a menu that fits', async () => {
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'zh' });
    await anna.start('inv_COSPLAY7');
    await anna.waitForMessage(/欢迎加入/);
    await anna.send('/me');
    await anna.waitForMessage(/会员：体验，至 2031年5月11日[\s\S]*尚未绑定/);
    await anna.send('/checkin');
    world.platform.member(anna.id).profile.email = 'a***a@example.org';
    await anna.send('/menu');
    const menu = await anna.waitForMessage(/明天见/);
    const texts = menu.reply_markup?.inline_keyboard.flat().map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['⭐ 会员', '💰 积分', '🤝 好友', '⚙️ 设置', '❓ 帮助']));
    await anna.click('⭐ 会员');
    const section = await anna.waitForMessage(/如何邀请好友/);
    expect(section.message_id).toBe(menu.message_id);
    expect(section.reply_markup?.inline_keyboard.flat().map(({ text }) => text)).toContain('🎁 邀请好友');
  });

  it('follows a changed name', async () => {
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.start();
    await anna.waitForMessage(/Anna/);
    world.emulator.member({ id: anna.id, first_name: 'Annabel', username: 'annabel_cos' });
    await anna.send('/menu');
    await anna.waitForMessage(/Annabel/);
    expect(world.platform.member(anna.id).profile.username).toBe('annabel_cos');
    expect(world.platform.timesHandled(MeetUser)).toBe(2);
  });
});
