import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckIn, MeetUser } from '#contracts';
import { eventually } from '#testing';
import type { EmulatedGroup, EmulatedMember } from '#testing/bot-emulator';
import { BotWorld } from './bot-world.fixture.js';
import { signForMember } from './group-button.rules.js';

describe('the bot in a group', () => {
  let world: BotWorld;
  let group: EmulatedGroup;
  let anna: EmulatedMember;

  beforeEach(async () => {
    world = await BotWorld.start({ webhook: true });
    group = world.emulator.group({ title: 'Cosplay Club', forum: true });
    anna = world.emulator.member({ first_name: 'Anna & Co', language_code: 'en' });
    await anna.join(group);
  });
  afterEach(() => world.stop());

  it('checks in, for all to see, and mentions the member', async () => {
    const topic = group.topic('Daily');
    await anna.sendIn(group, '/checkin', { message_thread_id: topic });
    const answer = await anna.waitForMessage(/Checked in: \+10 points/, { group });
    expect(answer.message_thread_id).toBe(topic);
    expect(answer.text).toContain('Anna & Co');
    expect(
      answer.entities?.some(
        ({ url, user, type }) => url?.includes(String(anna.id)) || user?.id === anna.id || type === 'text_link',
      ),
    ).toBe(true);
    expect(answer.reply_to_message?.text).toBe('/checkin');
    await anna.sendIn(group, '/checkin@coser_bot');
    await anna.waitForMessage(/already checked in/, { group });
    expect(world.platform.timesHandled(CheckIn)).toBe(1);
  });

  it('sends everything else into the private chat', async () => {
    await anna.sendIn(group, '/points@coser_bot');
    const answer = await anna.waitForMessage(/in private/, { group });
    expect(answer.reply_markup?.inline_keyboard[0]?.[0]?.url).toBe('https://t.me/coser_bot');
  });

  it('does not repeat itself to who asks again and again, and leaves a crowded group in peace', async () => {
    for (let count = 0; count < 5; count += 1) {
      await anna.sendIn(group, '/points@coser_bot');
      await anna.sendIn(group, '/checkin');
    }
    const crowd = Array.from({ length: 12 }, (_, index) => world.emulator.member({ first_name: `Member ${index}` }));
    for (const member of crowd) {
      await member.start();
      await member.waitForMessage(/🏠/);
      await member.join(group);
      await member.sendIn(group, '/checkin');
    }
    await crowd.at(-1)?.waitForMessage(/Checked in/);
    const answers = world.answersIn(group.messages());
    expect(answers.filter((text) => text.includes('in private'))).toHaveLength(1);
    expect(answers.filter((text) => text.includes('Anna'))).toHaveLength(2);
    expect(answers).toHaveLength(1 + 12);
    expect(world.platform.timesHandled(CheckIn)).toBe(1 + crowd.length);
  });

  it("ignores talk, other bots' commands, anonymous admins and channel posts, and asks nobody about them", async () => {
    for (const id of [1_087_968_824, 777_000]) {
      const standIn = world.emulator.member({ id, first_name: 'Group' });
      await standIn.join(group);
      await standIn.sendIn(group, '/checkin');
    }
    await anna.sendIn(group, 'COSPLAY7');
    await anna.sendIn(group, '/start');
    await anna.sendIn(group, '/checkin@other_bot');
    await anna.sendIn(group, '/checkin');
    await anna.waitForMessage(/Checked in/, { group });
    expect(world.platform.timesHandled(MeetUser)).toBe(1);
    expect(world.answersIn(group.messages())).toHaveLength(1);
  });

  it('meets a group it comes into', async () => {
    const other = world.emulator.group({ title: 'Клуб', bot: 'left' });
    const boris = world.emulator.member({ first_name: 'Boris', language_code: 'ru' });
    await boris.join(other);
    other.setBot('administrator', boris);
    await eventually(() => expect(other.messages().at(-1)?.text).toContain('Всем привет'));
    expect(world.platform.member(other.id).profile).toMatchObject({ kind: 'group', first_name: 'Клуб' });
    other.setBot('left', boris);
    await boris.send('/menu');
    await boris.waitForMessage(/чем займёмся/);
  });

  it('answers foreign and forged buttons with a word, and does nothing', async () => {
    await anna.sendIn(group, '/points@coser_bot');
    const answer = await anna.waitForMessage(/in private/, { group });
    for (const data of ['1:check_in', 'g1.AAAAAAAA|1:check_in', signForMember('another secret', 1, '1:check_in')]) {
      const popUp = await world.press(anna.user, answer.message_id, group.id, data);
      expect(popUp).toMatchObject({ text: expect.stringContaining('send the command again'), show_alert: true });
    }
    const ofBoris = signForMember(world.secret, 999, '1:check_in');
    expect(await world.press(anna.user, answer.message_id, group.id, ofBoris)).toMatchObject({
      text: expect.stringContaining('somebody else'),
    });
    const mine = signForMember(world.secret, world.platform.member(anna.id).profile.id, '1:check_in');
    await world.press(anna.user, answer.message_id, group.id, mine);
    await anna.waitForMessage(/Checked in/, { group });
    expect(world.platform.timesHandled(CheckIn)).toBe(1);
  });

  it('offers members their own cards inline, by title', async () => {
    await anna.start();
    await anna.waitForMessage(/🏠/);
    world.platform.member(anna.id).streakDays = 7;
    type Card = { id: string; input_message_content: { message_text: string }; reply_markup?: object };
    const cards = (await anna.inlineQuery('')) as Card[];
    expect(cards.map(({ id }) => id)).toEqual(['invitation', 'streak']);
    const [streak] = (await anna.inlineQuery('CHECK-INS')) as Card[];
    expect(streak?.input_message_content.message_text).toContain('<b>Anna &amp; Co</b> has checked in 7 days in a row');
    expect(JSON.stringify(streak?.reply_markup)).toContain('?start=checkin');
    await anna.start('checkin');
    await anna.waitForMessage(/Checked in/);
  });

  it('offers strangers an invitation inline, and registers nobody for it', async () => {
    const [card] = (await anna.inlineQuery('come')) as {
      title: string;
      input_message_content: { message_text: string };
    }[];
    expect(card?.title).toBe('Invite a friend');
    expect(card?.input_message_content.message_text).toContain('https://t.me/coser_bot');
    expect(world.platform.timesHandled(MeetUser)).toBe(0);
  });
});
