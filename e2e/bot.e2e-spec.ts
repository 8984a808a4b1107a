import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmulatedMember } from '#testing';
import { startEmbeddedPlatform, type EmbeddedPlatform } from './platform/index.js';

const dayMs = 86_400_000;
const minuteMs = 60_000;

describe('the bot on real services', () => {
  let platform: EmbeddedPlatform;

  beforeAll(async () => {
    platform = await startEmbeddedPlatform({ inProcess: true });
  });
  afterAll(() => platform.stop());

  const meet = async (first_name: string, language_code: string, payload?: string): Promise<EmulatedMember> => {
    const member = platform.emulator.member({ first_name, language_code });
    await member.start(payload);
    return member;
  };
  const mail = async (from: string, subject: string): Promise<void> => {
    const body = JSON.stringify({ from, subject, text: 'hello' });
    const headers = { 'content-type': 'application/json' };
    const response = await request(`${platform.chatUrl}/_emulator/mails`, { method: 'POST', headers, body });
    expect(response.statusCode).toBe(202);
    await response.body.dump();
  };

  it.each([
    ['zh-hans', /很高兴认识你/, /有效期至/, /体验/, /你有 10 积分[\s\S]*\+10 · 签到/],
    ['en', /nice to meet you/, /membership runs until/, /trial, until/, /You have 10 points[\s\S]*\+10 · check-in/],
    ['ru', /рады знакомству/, /Членство действует до/, /пробное, до/, /У вас 10 баллов[\s\S]*\+10 · отметка/],
  ])(
    'takes somebody who came by an invitation all the way, %s',
    async (language, welcome, registered, membership, points) => {
      const anna = await meet('Anna', language, 'inv_COSPLAY7');
      await anna.waitForMessage(welcome);
      await anna.waitForMessage(registered);
      await anna.send('/checkin');
      await anna.waitForMessage(/10/);
      await anna.send('/points');
      await anna.waitForMessage(points);
      await anna.send('/me');
      await anna.waitForMessage(membership);
    },
  );

  it('gives one trial, and no membership for a wrong code', async () => {
    const boris = await meet('Boris', 'en');
    await boris.send('/register NOTACODE');
    await boris.waitForMessage(/does not exist[\s\S]*another code/);
    await boris.send('cosplay7');
    await boris.waitForMessage(/Welcome aboard, Boris/);
    await boris.send('/register COSPLAY7');
    await boris.waitForMessage(/already active/);
    await platform.clockOffset(8 * dayMs);
    await boris.send('/register COSPLAY7');
    await boris.waitForMessage(/already had your trial/);
    await platform.clockOffset(0);
  });

  it('binds an address by a mail, and tells on the way how far it is', async () => {
    const clara = await meet('Clara', 'en');
    await clara.send('clara@example.org');
    await clara.click('Link this address');
    const shown = await clara.waitForMessage(/Send us this code by mail/);
    const [code = ''] = /\b[0-9]{6}\b/.exec(shown.text ?? '') ?? [];
    expect(await clara.click('I have sent it')).toMatchObject({
      text: expect.stringContaining('No mail from c***a@example.org'),
    });
    await mail('clara@example.org', code);
    await clara.waitForMessage(/clara@example\.org/);
    await clara.click('I have sent it');
    await clara.waitForMessage(/is linked to your account/);
    const dora = await meet('Dora', 'en');
    await dora.send('/bind Clara@Example.org');
    await dora.waitForMessage(/belongs to another member/);
  });

  it('lets a code expire and makes a new one', async () => {
    const eva = await meet('Eva', 'en');
    await eva.send('/bind eva@example.org');
    await eva.waitForMessage(/Send us this code by mail/);
    await platform.clockOffset(11 * minuteMs);
    await eva.click('I have sent it');
    await eva.waitForMessage(/has expired/);
    await eva.click('New code');
    await eva.waitForMessage(/Send us this code by mail/);
    await platform.clockOffset(0);
  });

  it('counts a streak of a week, and pays its bonus', async () => {
    const fay = await meet('Fay', 'ru');
    for (let day = 0; day < 7; day += 1) {
      await platform.clockOffset(day * dayMs);
      await fay.send('/checkin');
      await fay.waitForMessage(new RegExp(`Серия: ${day + 1} `), 30_000);
    }
    expect(fay.chat().at(-1)?.text).toMatch(
      /Отметка засчитана: \+30 баллов[\s\S]*7 дней подряд[\s\S]*Баланс: 90 баллов/,
    );
    await fay.send('/checkin');
    await fay.waitForMessage(/уже отметились[\s\S]*Серия: 7 дней/);
    await platform.clockOffset(0);
  });

  it('checks in from a group', async () => {
    const group = platform.emulator.group({ title: 'Cosplay Club' });
    const gina = platform.emulator.member({ first_name: 'Gina', language_code: 'en' });
    await gina.join(group);
    await gina.sendIn(group, '/checkin');
    await gina.waitForMessage(/Gina[\s\S]*\+10 points/, { group });
  });

  it('understands an answer after a restart that lost the question', async () => {
    const hugo = await meet('Hugo', 'en');
    await hugo.send('/register');
    await hugo.waitForMessage(/send me your invite code/);
    const { id } = hugo;
    await platform.restart();
    const again = platform.emulator.member({ id, first_name: 'Hugo', language_code: 'en' });
    await again.send('COSPLAY7');
    await again.click('Join with COSPLAY7');
    await again.waitForMessage(/Welcome aboard/);
  });
});
