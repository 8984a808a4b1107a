import { randomInt } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { freshAddress } from './stages/fresh.names.js';
import { stageKinds, useStage, type Person } from './stages/index.js';
import { SmsSink } from './stages/sms.sink.js';

/** A mobile number nobody has had in this run. */
const freshNumber = (): string => `+7912${randomInt(1_000_000, 9_999_999)}`;
const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const sms = new SmsSink();
const provider = await sms.start();
afterAll(() => sms.stop());

interface Issued {
  id: string;
}

describe.each(stageKinds)('mailed codes, phone numbers and the blacklist on $title', (kind) => {
  const [, real] = stageKinds;
  const environment = { VERIFICATIONS_PER_IP_PER_HOUR: '1000', ...(kind === real && provider) };
  const stage = useStage(kind, { environment });

  /** The six digits of the newest message: at the provider, on the chat page, or in the mailbox. */
  const codeTo = (target: string, besides = ''): Promise<string> =>
    eventually(
      async () => {
        const received = stage().isReal && target.startsWith('+') ? sms.to(target) : await stage().repliesTo(target);
        const codes = received
          .flatMap(({ text }) => /\b[0-9]{6}\b/.exec(text)?.[0] ?? [])
          .filter((code) => code !== besides);
        const code = codes.at(-1);
        if (code === undefined) throw new Error(`no code for ${target} yet`);
        return code;
      },
      { timeoutMs: 30_000 },
    );

  it('U-10: the bot takes the own contact, no other, and shows the number masked', async () => {
    const member = stage().emulator.member({ first_name: 'Ann', language_code: 'en' });
    await member.start();
    await member.waitForMessage(/nice to meet you/);
    await member.shareContact();
    await member.waitForMessage(/not asked for your contact/);
    await member.send('/phone');
    await member.waitForMessage(/Which phone number/);
    expect(member.keyboard()?.keyboard?.[0]?.[0]).toMatchObject({ request_contact: true });
    const number = freshNumber();
    const friend = stage().emulator.member({ first_name: 'Fay', language_code: 'en' });
    const own = { phone_number: number, first_name: 'Ann', user_id: member.id };
    for (const foreign of [
      () => member.shareContact({ user_id: member.id + 1 }),
      // Somebody from the address book who is not on Telegram.
      () => member.shareContact({ user_id: undefined }),
      () => member.forwardContact(friend, { ...own, first_name: 'Fay', user_id: friend.id }),
      // The own card, but by somebody else's hand: it may be years old, and the number another's by now.
      () => member.forwardContact(friend, own),
    ]) {
      const seen = member.chat().length;
      await foreign();
      await eventually(() => {
        const answers = member.chat().slice(seen);
        expect(answers.some(({ text }) => /share your own contact/.test(text ?? ''))).toBe(true);
      });
    }
    // Of whom the bot has not asked it binds nothing.
    await friend.start();
    await friend.shareContact({ phone_number: number });
    await friend.waitForMessage(/not asked for your contact/);
    await member.shareContact({ phone_number: number.slice(1) });
    await member.waitForMessage(/\+7 91\*{6}\d\d is linked/);
    await member.send('/phone');
    await member.click('🗑 Take it off');
    await member.click('🗑 Yes, take it off');
    await member.waitForMessage(/no longer linked/);
  });

  it('U-10: the bot sends a code by SMS and takes it, in Chinese and Russian', async () => {
    const chinese = stage().emulator.member({ first_name: '小明', language_code: 'zh' });
    await chinese.start();
    await chinese.waitForMessage(/很高兴/);
    await chinese.send('/phone');
    await chinese.waitForMessage(/要绑定哪个手机号/);
    const number = `+86138${randomInt(10_000_000, 99_999_999)}`;
    // As it is dialled at home, without the country's code.
    await chinese.send(number.slice(3));
    await chinese.waitForMessage(/验证码已发送至 \+86 13\*{7}\d\d/);
    const code = await codeTo(number);
    await chinese.send(wrong(code));
    await chinese.waitForMessage(/验证码不正确。剩余尝试次数：4/);
    await chinese.send(`${code.slice(0, 3)} ${code.slice(3)}`);
    await chinese.waitForMessage(/已绑定到你的账号/);
    const russian = stage().emulator.member({ first_name: 'Вера', language_code: 'ru' });
    await russian.start();
    await russian.waitForMessage(/знаком/);
    await russian.send(`/phone ${number}`);
    await russian.waitForMessage(/уже принадлежит другому участнику/);
  });

  it('U-10: REST sends a code by SMS, binds with it, and the chat hears of it', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Nina', language_code: 'en' });
    await chat.start();
    const number = freshNumber();
    const { id } = await rest.post<Issued>('/v1/users/me/phone-verifications', { body: { phone: number } });
    const confirm = (code: string) =>
      rest.call('POST', `/v1/users/me/phone-verifications/${id}/confirmations`, { body: { code } });
    const code = await codeTo(number);
    expect(await confirm(wrong(code))).toMatchObject({ status: 422, code: 20316, data: { tries_left: 4 } });
    expect((await confirm(code)).status).toBe(201);
    const { phone } = await rest.get<{ phone: string }>('/v1/users/me/phone');
    expect(phone).toBe(`+7 91******${number.slice(-2)}`);
    await chat.waitForMessage(/is now linked to your account/);
    const again = await rest.call('POST', '/v1/users/me/phone-verifications', { body: { phone: number } });
    expect(again).toMatchObject({ status: 409, code: 20312 });
    expect((await rest.call('DELETE', '/v1/users/me/phone')).status).toBe(200);
    expect((await rest.call('DELETE', '/v1/users/me/phone')).code).toBe(20313);
  });

  it('U-02, U-10: a phone that has had its trial gives no other account one, bound before or after registering', async () => {
    const [first, second, third] = await Promise.all(
      ['Una', 'Uma', 'Ugo'].map((first_name) => stage().person({ first_name, language_code: 'en' })),
    );
    if (!first || !second || !third) throw new Error('nobody is here');
    const number = freshNumber();
    const link = async ({ chat }: Person): Promise<void> => {
      await chat.send('/phone');
      await chat.waitForMessage(/Which phone number/);
      await chat.shareContact({ phone_number: number.slice(1) });
      await chat.waitForMessage(/is linked/);
    };
    const unlink = async ({ rest }: Person): Promise<void> =>
      expect((await rest.call('DELETE', '/v1/users/me/phone')).status).toBe(200);
    const register = ({ rest }: Person) =>
      rest.call('POST', '/v1/registrations', { body: { invite_code: 'COSPLAY7' } });
    const stateOf = async ({ rest }: Person): Promise<string> =>
      (await rest.get<{ state: string }>('/v1/users/me/membership')).state;
    await link(first);
    expect((await register(first)).status).toBe(201);
    await unlink(first);
    await link(second);
    // Whichever comes first, the news of the phone or the registration: there is no trial in the end.
    await register(second);
    await eventually(async () => expect(['none', 'expired']).toContain(await stateOf(second)));
    expect(await register(second)).toMatchObject({ status: 409, code: 20204 });
    await unlink(second);
    expect((await register(third)).status).toBe(201);
    await link(third);
    await eventually(async () => expect(await stateOf(third)).toBe('expired'));
    await third.chat.waitForMessage(/trial is given once/);
    expect(await stateOf(first)).toBe('trial');
  });

  it('U-09: the bot mails a code to who cannot mail one, and takes it', async () => {
    const member = stage().emulator.member({ first_name: 'Olga', language_code: 'en' });
    await member.start();
    await member.waitForMessage(/nice to meet you/);
    const email = freshAddress('fallback');
    await member.send(`/bind ${email}`);
    await member.waitForMessage(/Send us this code by mail/);
    await member.click('📬 Mail me a code instead');
    await member.waitForMessage(/I have mailed a code/);
    const code = await codeTo(email);
    await member.send('what code?');
    await member.waitForMessage(/not the code we sent[\s\S]*5/);
    await member.send(code);
    await member.waitForMessage(/is linked to your account/);
    await member.waitForMessage(/is now linked to your account/);
  });

  it('U-09: REST mails a code and binds with it, under the uniqueness of U-08', async () => {
    const [first, second] = [
      await stage().person({ first_name: 'Rita', language_code: 'en' }),
      await stage().person({ first_name: 'Sara', language_code: 'en' }),
    ];
    const email = freshAddress('typed');
    const { id } = await first.rest.post<Issued>('/v1/users/me/email-codes', { body: { email } });
    const body = { code: await codeTo(email) };
    await first.rest.post(`/v1/users/me/email-codes/${id}/confirmations`, { body });
    const stolen = await second.rest.call('POST', `/v1/users/me/email-codes/${id}/confirmations`, { body });
    expect(stolen).toMatchObject({ status: 404, code: 20306 });
    const taken = await second.rest.call('POST', '/v1/users/me/email-codes', { body: { email: email.toUpperCase() } });
    expect(taken).toMatchObject({ status: 409, code: 20303 });
  });

  it('U-07, U-08, U-09: an address that is put on the blacklist while its code is under way is bound neither way', async () => {
    const admin = await stage().admin();
    const { chat, rest } = await stage().person({ first_name: 'Lena', language_code: 'ru' });
    const other = await stage().person({ first_name: 'Lara', language_code: 'en' });
    await chat.start();
    const [mailed, typed] = [freshAddress('late'), freshAddress('late')];
    const wanted = await rest.post<Issued & { code: string }>('/v1/users/me/email-verifications', {
      body: { email: mailed },
    });
    const { id } = await other.rest.post<Issued>('/v1/users/me/email-codes', { body: { email: typed } });
    const code = await codeTo(typed);
    for (const pattern of [mailed, typed]) {
      await admin.post('/v1/admin/email-blacklist', { body: { kind: 'address', pattern, note: 'e2e' } });
    }
    await stage().mail({ from: mailed, subject: wanted.code, text: '' });
    await chat.waitForMessage(/больше использовать нельзя/);
    const state = await rest.get<object>(`/v1/users/me/email-verifications/${wanted.id}`);
    expect(state).toMatchObject({ status: 'refused', refusal: 'address_blocked' });
    const refused = await other.rest.call('POST', `/v1/users/me/email-codes/${id}/confirmations`, { body: { code } });
    expect(refused).toMatchObject({ status: 422, code: 20302 });
  });

  it('U-08: admins keep the blacklist, and it is in the audit log', async () => {
    const admin = await stage().admin();
    const domain = `${freshAddress('x').split(/[.@]/)[1]}.example`;
    const body = { kind: 'domain', pattern: `@${domain.toUpperCase()}`, note: 'e2e' };
    const { id } = await admin.post<{ id: number }>('/v1/admin/email-blacklist', { body });
    const { rest } = await stage().person({ first_name: 'Tina', language_code: 'en' });
    const wish = { body: { email: `tina@mail.${domain}` } };
    for (const path of ['/v1/users/me/email-codes', '/v1/users/me/email-verifications']) {
      expect(await rest.call('POST', path, wish)).toMatchObject({ status: 422, code: 20302 });
    }
    const listed = await admin.get<{ items: { id: number }[] }>(`/v1/admin/email-blacklist?search=${domain}`);
    expect(listed.items.map((entry) => entry.id)).toEqual([id]);
    const checked = await admin.get<object>(`/v1/admin/email-address-checks?email=a%40${domain}`);
    expect(checked).toEqual({ blocked_by: 'domain', pattern: domain });
    expect((await admin.call('DELETE', `/v1/admin/email-blacklist/${id}`)).status).toBe(200);
    await rest.post<Issued>('/v1/users/me/email-codes', wish);
    await eventually(async () => {
      const log = await admin.get<{ items: { event: string; before: unknown; after: unknown }[] }>(
        '/v1/audit-logs?event=user.email_blacklist_entry_removed.v1',
      );
      expect(JSON.stringify(log.items)).toContain(domain);
    });
  });
});
