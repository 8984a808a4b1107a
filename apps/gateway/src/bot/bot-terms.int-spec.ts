import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AcceptTerms, RegisterWithCode } from '#contracts';
import { eventually } from '#testing';
import { BotWorld } from './bot-world.fixture.js';

const acceptButton = '✔️ I accept the terms';
const joinButton = '✔️ I accept and join';

describe('the terms in the bot, where they are required', () => {
  let world: BotWorld;
  const terms = {
    TERMS_VERSION: '2031-05',
    TERMS_URL: 'https://club.example.org/terms?a=1&b=2',
    PRIVACY_URL: 'https://club.example.org/privacy',
  };

  beforeEach(async () => {
    world = await BotWorld.start({ environment: terms });
    world.platform.requireTerms('2031-05');
  });
  afterEach(() => world.stop());

  it.each([
    ['zh-hans', /加入之前.*（版本 2031-05）/, '✔️ 我接受条款', /你已接受使用条款/],
    ['en', /Before you join.*version 2031-05/, acceptButton, /you have accepted the terms/],
    ['ru', /Прежде чем вступить.*версия 2031-05/, '✔️ Принимаю правила', /вы приняли правила/],
  ])(
    'U-02, U-15: are told of at /start with the choice of the language, %s',
    async (language_code, notice, button, thanks) => {
      const anna = world.emulator.member({ first_name: 'Anna', language_code });
      await anna.start();
      const message = await anna.waitForMessage(notice);
      const rows = message.reply_markup?.inline_keyboard ?? [];
      expect(rows[0]?.map(({ text }) => text)).toEqual([button]);
      expect(rows.at(-1)?.map(({ text }) => text)).toEqual(['中文', 'English', 'Русский']);
      await anna.click(button);
      await anna.waitForMessage(thanks);
      expect(world.platform.timesHandled(AcceptTerms)).toBe(1);
      // Who has accepted is not asked again.
      await anna.start();
      await anna.send('/register COSPLAY7');
      await eventually(() => expect(world.platform.timesHandled(RegisterWithCode)).toBe(1));
      expect(anna.chat().filter(({ text }) => notice.test(text ?? ''))).toHaveLength(0);
    },
  );

  it('U-02: follow the choice of another language', async () => {
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.start();
    await anna.waitForMessage(/Before you join/);
    await anna.click('Русский');
    await anna.waitForMessage(/Прежде чем вступить/);
    await anna.click('✔️ Принимаю правила');
    await anna.waitForMessage(/вы приняли правила/);
  });

  it('U-02: stop a registration until they are accepted, and then it goes on by itself', async () => {
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.start('inv_COSPLAY7');
    await anna.waitForMessage(/Before you join/);
    const question = await anna.waitForMessage(/One more step[\s\S]*club\.example\.org\/terms\?a=1&b=2[\s\S]*privacy/);
    expect(question.reply_markup?.inline_keyboard[0]?.[0]?.text).toBe(joinButton);
    expect(world.platform.timesHandled(RegisterWithCode)).toBe(0);
    await anna.click(joinButton);
    await anna.waitForMessage(/Welcome aboard, Anna/);
    expect(world.platform.timesHandled(AcceptTerms)).toBe(1);
    const boris = world.emulator.member({ first_name: 'Boris', language_code: 'en' });
    await boris.send('/register');
    await boris.waitForMessage(/send me your invite code/);
    await boris.send(' cosplay7 ');
    await boris.click(joinButton);
    await boris.waitForMessage(/Welcome aboard, Boris/);
  });

  it('U-02: a button of an older version shows those of now', async () => {
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.send('/register COSPLAY7');
    await anna.waitForMessage(/One more step.*2031-05/);
    world.platform.requireTerms('2031-06');
    await anna.click(joinButton);
    await anna.waitForMessage(/One more step.*2031-06/);
    expect(world.platform.timesHandled(RegisterWithCode)).toBe(0);
    await anna.click(joinButton);
    await anna.waitForMessage(/Welcome aboard, Anna/);
    await anna.send('/terms');
    await anna.waitForMessage(/version 2031-06[\s\S]*You accepted this version/);
  });
});

describe('the terms in the bot, where none are required', () => {
  let world: BotWorld;
  beforeEach(async () => {
    world = await BotWorld.start();
  });
  afterEach(() => world.stop());

  it('U-02: who goes on accepts them, and that is kept', async () => {
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.start();
    await anna.waitForMessage(/By joining you accept our terms of use: \/terms/);
    await anna.send('/register');
    await anna.waitForMessage(/invite code[\s\S]*By joining you accept/);
    await anna.send('COSPLAY7');
    await anna.waitForMessage(/Welcome aboard, Anna/);
    expect(world.platform.acceptedAtRegistration).toEqual(['2026-03-01']);
    // A member has joined already.
    await anna.start();
    await anna.waitForMessage(/Good to see you again/);
    expect(anna.chat().at(-1)?.text).not.toContain('By joining');
  });
});
