import { describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { stageKinds, useStage } from './stages/index.js';

interface Membership {
  state: string;
  plan: string | null;
  expires_at: string | null;
}

interface Codes {
  items: { id: number; code: string; plan: string; uses: number }[];
}

const dayMs = 86_400_000;

describe.each(stageKinds)('registration and invitations on $title', (kind) => {
  const stage = useStage(kind, { environment: { REMINDER_INTERVAL_MS: '500' } });

  it('U-05: a member brings a friend in through the bot, once, and is thanked', async () => {
    const olga = stage().emulator.member({ first_name: 'Olga', language_code: 'en' });
    await olga.start();
    await olga.waitForMessage(/nice to meet you/);
    await olga.send('/invite');
    await olga.waitForMessage(/register first/);
    await olga.send('/register COSPLAY7');
    await olga.waitForMessage(/Welcome aboard/);
    await olga.send('/invite');
    const card = await olga.waitForMessage(/Your invite code/);
    const [, code = ''] = /start=inv_([2-9A-HJ-NP-Z]{8})/.exec(card.text ?? '') ?? [];
    expect(code).toHaveLength(8);
    await olga.send('/invite');
    await olga.waitForMessage(new RegExp(code));
    const pavel = stage().emulator.member({ first_name: 'Павел', language_code: 'ru' });
    await pavel.start(`inv_${code}`);
    await pavel.waitForMessage(/Членство действует до/);
    await olga.waitForMessage(/has joined with your invite code[\s\S]*7 days/);
    const rita = stage().emulator.member({ first_name: 'Rita', language_code: 'en' });
    await rita.start(`inv_${code}`);
    await rita.waitForMessage(/already been used up/);
  });

  it('U-03, U-04, U-05: an admin makes codes, a member renews with them, by REST and in the chat', async () => {
    const admin = await stage().admin();
    const wish = { kind: 'system_formal', plan: 'month', count: 3, batch: 'convention' };
    const { items } = await admin.post<Codes>('/v1/admin/invite-codes', { body: wish });
    expect(items).toHaveLength(3);
    const { chat, rest } = await stage().person({ first_name: 'Nina', language_code: 'en' });
    const first = await rest.post<{ membership: Membership }>('/v1/registrations', {
      body: { invite_code: items[0]?.code },
    });
    expect(first.membership).toMatchObject({ state: 'formal', plan: 'month' });
    const second = await rest.post<{ membership: Membership }>('/v1/registrations', {
      body: { invite_code: items[1]?.code },
    });
    const end = (membership: Membership): number => Date.parse(membership.expires_at ?? '');
    expect(end(second.membership)).toBe(end(first.membership) + 30 * dayMs);
    expect(await rest.get<Membership>('/v1/users/me/membership')).toEqual(second.membership);
    await eventually(async () => {
      const { membership } = await rest.get<{ membership: Membership }>('/v1/users/me');
      expect(membership).toEqual(second.membership);
    });
    await chat.send(`/register ${items[2]?.code}`);
    await chat.waitForMessage(/membership runs until/);
    const third = await rest.get<Membership>('/v1/users/me/membership');
    expect(end(third)).toBe(end(first.membership) + 60 * dayMs);
    const { items: periods } = await rest.get<{ items: { reason: string }[] }>('/v1/users/me/membership/periods');
    expect(periods.map(({ reason }) => reason)).toEqual(['code', 'code', 'code']);
    const { items: plans } = await rest.get<{ items: { code: string }[] }>('/v1/plans');
    expect(plans.map(({ code }) => code)).toEqual(['week', 'month', 'season', 'year', 'permanent']);
  });

  it('U-06: says before the end that a membership ends, and tells the end by the clock', async () => {
    const vera = stage().emulator.member({ first_name: 'Вера', language_code: 'ru' });
    await vera.start('inv_COSPLAY7');
    await vera.waitForMessage(/Членство действует до/);
    await stage().clockOffset(6.5 * dayMs);
    await vera.waitForMessage(/заканчивается меньше чем через сутки/);
    await stage().clockOffset(7.5 * dayMs);
    await vera.waitForMessage(/Ваше членство закончилось/);
    await vera.send('/me');
    await vera.waitForMessage(/Членство: закончилось/);
    await stage().clockOffset(0);
  });
});
