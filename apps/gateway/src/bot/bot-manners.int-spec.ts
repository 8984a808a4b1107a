import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckIn, MeetUser, RegisterWithCode } from '#contracts';
import { eventually } from '#testing';
import type { EmulatedMember } from '#testing/bot-emulator';
import { BotWorld } from './bot-world.fixture.js';

const minuteMs = 60_000;

describe('the bot and what people do', () => {
  let world: BotWorld;
  let anna: EmulatedMember;

  beforeEach(async () => {
    world = await BotWorld.start({ environment: { RATE_LIMIT_PER_USER_PER_MINUTE: '30' } });
    anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
  });
  afterEach(() => world.stop());

  const nonsense = ['🦄', '/nosuchcommand', 'what is this?', '/ /', '<b>', '{{name}} $t(bot.menu.title)'];
  it.each(nonsense)('answers %s with a menu', async (text) => {
    await anna.send(text);
    const answer = await anna.waitForMessage(/did not get that/);
    expect(answer.reply_markup?.inline_keyboard.length).toBeGreaterThan(2);
  });

  it('answers a photo with a menu, and a contact that nobody asked for with what to do', async () => {
    await anna.sendPhoto('holiday.jpg');
    await anna.waitForMessage(/did not get that/);
    await anna.shareContact();
    await anna.waitForMessage(/not asked for your contact[\s\S]*\/phone/);
  });

  it('recognises a code, an address and a verification code that somebody just types', async () => {
    await anna.send('COSPLAY7');
    await anna.click('Join with COSPLAY7');
    await anna.waitForMessage(/Welcome aboard/);
    await anna.send('anna@example.org');
    await anna.click('Link this address');
    await anna.waitForMessage(/123456/);
    await anna.send('123456');
    await anna.waitForMessage(/please mail them to us/);
  });

  it('lets a conversation be cancelled by command and by button', async () => {
    await anna.send('/register');
    await anna.waitForMessage(/invite code/);
    await anna.send('/cancel');
    await anna.waitForMessage(/stopped/);
    await anna.send('/cancel');
    await anna.waitForMessage(/nothing to stop/);
    await anna.send('/bind');
    await anna.click('✖️ Cancel');
    await anna.waitForMessage(/stopped/);
    await anna.send('hello there');
    await anna.waitForMessage(/did not get that/);
  });

  it('says what it waits for when something comes that cannot be the answer', async () => {
    await anna.send('/register');
    await anna.sendPhoto('code.jpg');
    await anna.waitForMessage(/waiting for an answer[\s\S]*another code/);
    await anna.send('COSPLAY7');
    await anna.waitForMessage(/Welcome aboard/);
  });

  it('leaves a conversation when another command comes', async () => {
    await anna.send('/register');
    await anna.waitForMessage(/invite code/);
    await anna.send('/points');
    await anna.waitForMessage(/You have 0 points/);
    await anna.send('COSPLAY-7');
    await anna.waitForMessage(/did not get that/);
    expect(world.platform.timesHandled(RegisterWithCode)).toBe(0);
  });

  it('says so when an answer comes too late, and reads it afresh', async () => {
    await anna.send('/register');
    await anna.waitForMessage(/invite code/);
    await world.moveClock(16 * minuteMs);
    await anna.send('COSPLAY7');
    await anna.waitForMessage(/stopped waiting/);
    await anna.click('Join with COSPLAY7');
    await anna.waitForMessage(/Welcome aboard/);
  });

  it('tells banned people so and does nothing for them', async () => {
    world.platform.add(anna.id, 'Anna', 'ru', { status: 'banned' });
    for (const text of ['/start', '/checkin', 'COSPLAY7']) {
      await anna.send(text);
      const refusal = await anna.waitForMessage(/заблокирован/);
      expect(refusal.reply_markup).toBeUndefined();
    }
    expect(world.platform.handled).toEqual([]);
  });

  it('slows down who writes too much, once', async () => {
    for (let count = 0; count < 35; count += 1) await anna.send('/cancel');
    await anna.waitForMessage(/Too many requests/);
    await eventually(() => expect(world.emulator.webhookInfo().pending_update_count).toBe(0));
    const answers = world.answersIn(anna.chat());
    expect(answers).toHaveLength(31);
    expect(answers.filter((text) => text.includes('Too many'))).toHaveLength(1);
  });

  it('outlives the restart of a service', async () => {
    world.platform.failNext(MeetUser, 'system.unavailable', 2);
    world.platform.failNext(CheckIn, 'system.timeout', 1);
    await anna.send('/checkin');
    await anna.waitForMessage(/\+10 points/);
    expect(world.platform.handled).toEqual([MeetUser.name, CheckIn.name]);
  });

  it('tells a bug as such, with the request to name', async () => {
    await anna.start();
    await anna.waitForMessage(/nice to meet you/);
    world.platform.breakDown();
    await anna.send('/checkin');
    const refusal = await anna.waitForMessage(/Something went wrong on our side/);
    expect(refusal.text).toMatch(/Request tg-\d+$/);
    expect(refusal.text).not.toMatch(/bug in a service|Error/);
  });

  it("takes being blocked quietly, and Telegram's rate limit patiently", async () => {
    world.emulator.injectFault({ kind: 'rate_limited', retryAfter: 1, method: 'sendMessage' });
    await anna.send('/points');
    await anna.waitForMessage(/You have 0 points/);
    world.emulator.injectFault({ kind: 'server_error', method: 'sendMessage' });
    await anna.send('/points');
    await anna.waitForMessage(/You have 0 points/);
    world.emulator.injectFault({ kind: 'blocked', method: 'sendMessage' });
    await anna.send('/points');
    await anna.send('/checkin');
    await anna.waitForMessage(/Checked in/);
  });
});
