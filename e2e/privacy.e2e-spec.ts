import { randomBytes, randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { communityDay } from '#calendar';
import { eventually } from '#testing';
import type { RestClient } from './platform/index.js';
import { fetchArchive } from './privacy/archive.reader.js';
import { readStateTable, StateTrial } from './privacy/state.table.js';
import { firstAdmin } from './stages/admin.doors.js';
import { auditEntries, metricSum } from './stages/platform.readings.js';
import { freshAddress } from './stages/fresh.names.js';
import { stageKinds, useStage, type Person } from './stages/index.js';

const dayMs = 86_400_000;
const soon = { timeoutMs: 30_000 };
const table = readStateTable();

interface Me {
  id: number;
  status: string;
  points: number;
  membership: { state: string };
}

describe.each(stageKinds)('accounts, privacy and community on $title', (kind) => {
  const stage = useStage(kind, {
    environment: { ERASURE_INTERVAL_MS: '300', VERIFICATIONS_PER_IP_PER_HOUR: '1000' },
  });
  let admin: RestClient;
  beforeAll(async () => {
    if (kind.isThere) admin = await stage().admin();
  });
  const idOf = async ({ rest }: Person): Promise<number> => (await rest.get<Me>('/v1/users/me')).id;
  const codeOf = async (rest: RestClient, method: 'GET' | 'POST', path: string, body?: object): Promise<number> =>
    (await rest.call(method, path, body && { body })).code;

  /** Telegram lets the bot write to those only who have started it. */
  const startedBy = async (profile: Parameters<ReturnType<typeof stage>['person']>[0]): Promise<Person> => {
    const person = await stage().person(profile);
    await person.chat.start();
    await person.chat.waitForMessage(/👋/);
    return person;
  };

  const linkPhone = async ({ chat }: Person, number: string): Promise<void> => {
    await chat.send('/phone');
    await chat.waitForMessage(/Which phone number/);
    await chat.shareContact({ phone_number: number.slice(1) });
    await chat.waitForMessage(/is linked to your account/);
  };

  const withoutMembership = ({ rest }: Person): Promise<void> =>
    eventually(async () => {
      const { state } = await rest.get<{ state: string }>('/v1/users/me/membership');
      expect(['none', 'expired']).toContain(state);
    }, soon);

  /** Whoever answers first, gateway or services: from now on all of them do. */
  const refusedEverywhere = async (rest: RestClient, code: number): Promise<void> => {
    for (const path of [
      '/v1/points/balance',
      '/v1/users/me/membership',
      '/v1/users/me/invitees',
      '/v1/users/me/following',
    ])
      await eventually(async () => expect(await codeOf(rest, 'GET', path)).toBe(code), soon);
  };

  it('U-01: a ban closes every door within seconds, and its end opens them again', async () => {
    const victim = await startedBy({ first_name: 'Vera', language_code: 'en' });
    const id = await idOf(victim);
    const ban = { reason: 'sells invite codes' };
    expect(await codeOf(victim.rest, 'POST', `/v1/admin/users/${id}/bans`, ban)).toBe(20012);
    expect(await codeOf(admin, 'POST', `/v1/admin/users/${id}/bans`, ban)).toBe(20022);
    const sure = await stage().steppedUpAdmin();
    await sure.post(`/v1/admin/users/${id}/bans`, { body: ban });
    expect(await codeOf(sure, 'POST', `/v1/admin/users/${id}/bans`, ban)).toBe(20103);
    await refusedEverywhere(victim.rest, 20101);
    expect(await codeOf(victim.rest, 'POST', '/v1/check-ins', {})).toBe(20101);
    const refreshed = await stage().client.call('POST', '/v1/auth/refresh', {
      body: { refresh_token: victim.rest.tokens.refresh_token },
    });
    expect(refreshed.code).toBe(20015);
    await victim.chat.waitForMessage(/banned by an admin[\s\S]*sells invite codes/);
    await victim.chat.send('/checkin');
    await victim.chat.waitForMessage(/This account is banned/);
    await admin.post(`/v1/admin/users/${id}/unbans`, { body: { reason: 'it was somebody else' } });
    await victim.chat.waitForMessage(/has been lifted/);
    await eventually(async () => expect(await codeOf(victim.rest, 'GET', '/v1/points/balance')).toBe(0), soon);
    const entries = await auditEntries(admin, id, ['user.status_changed.v1']);
    expect(entries.find(({ event }) => event === 'user.status_changed.v1')).toMatchObject({
      before: { status: 'banned' },
      after: { status: 'active', reason: 'it was somebody else' },
    });
    expect(await codeOf(sure, 'POST', `/v1/admin/users/${(await admin.get<Me>('/v1/users/me')).id}/bans`, ban)).toBe(
      20105,
    );
  });

  it('U-01, U-02, U-03, U-04, U-05: every state of an account allows what the table says', async () => {
    const trial = new StateTrial(stage());
    await trial.prepare();
    const expired = await Promise.all(table.actions.map(() => trial.somebody('expired')));
    const outcomesOf = async (people: readonly RestClient[]): Promise<string[]> => {
      const outcomes = await Promise.all(people.map((rest, index) => trial.outcome(rest, table.actions[index] ?? '')));
      await trial.keepAll(people);
      return outcomes;
    };
    // What one state waits for, others need not wait for.
    const others = table.rows.filter(({ state }) => state !== 'expired');
    const found = await Promise.all(
      others.map(async ({ state }) => {
        const people = await Promise.all(table.actions.map(() => trial.somebody(state)));
        const closed = { banned: 20101, 'deletion pending': 20102 }[state];
        if (closed !== undefined) await Promise.all(people.map((rest) => refusedEverywhere(rest, closed)));
        return [state, await outcomesOf(people)] as const;
      }),
    );
    await stage().clockOffset(8 * dayMs);
    found.push(['expired', await outcomesOf(expired)]);
    await stage().clockOffset(0);
    const wanted = table.rows.map(({ state, outcomes }) => [state, outcomes]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
  });

  it('U-01, U-03: a group becomes a member by one of its admins, in the group', async () => {
    const owner = stage().emulator.member({ first_name: 'Greta', language_code: 'en' });
    const guest = stage().emulator.member({ first_name: 'Gus', language_code: 'en' });
    const group = stage().emulator.group({ title: 'Stage crew' });
    for (const person of [owner, guest]) await person.join(group);
    group.setStatus(owner, 'administrator');
    const command = `/register@${stage().isReal ? 'coser_test_bot' : 'coser_demo_bot'} COSPLAY7`;
    await guest.sendIn(group, command);
    await guest.waitForMessage(/Only an admin of this group/, { group });
    await owner.sendIn(group, command);
    await owner.waitForMessage(/Stage crew<?\/?b?>? is a member now, until/, { group });
    await owner.sendIn(group, command);
    await owner.waitForMessage(/already active/, { group });
  });

  it('U-05, U-16: an invitation gives both their points, and is seen in the tree', async () => {
    const inviter = await startedBy({ first_name: 'Ines', language_code: 'en' });
    await inviter.rest.post('/v1/registrations', { body: { invite_code: 'COSPLAY7' } });
    const { code } = await inviter.rest.post<{ code: string }>('/v1/invite-codes', { body: {} });
    const friend = await startedBy({ first_name: 'Felix', language_code: 'en' });
    await friend.rest.post('/v1/registrations', { body: { invite_code: code } });
    await inviter.chat.waitForMessage(/\+50 points<?\/?b?>? for your invitation/);
    await friend.chat.waitForMessage(/\+20 points<?\/?b?>? as a welcome/);
    expect(await inviter.rest.get('/v1/points/records')).toMatchObject({
      items: [{ type: 'invitation_reward', points: 50 }],
    });
    const [inviterId, friendId] = [await idOf(inviter), await idOf(friend)];
    expect(await inviter.rest.get('/v1/users/me/invitees')).toMatchObject({
      total: 1,
      tree_total: 1,
      items: [{ user_id: friendId, invited_themselves: 0 }],
    });
    expect(await admin.get(`/v1/admin/users/${inviterId}/referrals`)).toMatchObject({
      invited_by: null,
      members: [{ user_id: friendId, invited_by: inviterId, level: 1 }],
      is_complete: true,
    });
    await inviter.chat.send('/invite');
    await inviter.chat.waitForMessage(/You have brought 1 member in/);
  });

  it('U-16: members follow each other by link and REST; tags are set by admins and by what happens', async () => {
    const star = await stage().person({ first_name: 'Stella', language_code: 'en' });
    const fan = await stage().person({ first_name: 'Fred', language_code: 'ru' });
    const [starId, fanId] = [await idOf(star), await idOf(fan)];
    await fan.chat.start(`follow_${star.chat.id}`);
    await fan.chat.waitForMessage(/Подписаться на/);
    await fan.chat.click('⭐ Подписаться на Stella');
    await fan.chat.waitForMessage(/Готово/);
    expect(await star.rest.get('/v1/users/me/followers')).toMatchObject({
      total: 1,
      items: [{ user_id: fanId, first_name: 'Fred' }],
    });
    expect(await star.rest.get<{ followers: number }>('/v1/users/me')).toMatchObject({ followers: 1 });
    await star.chat.send('/me');
    await star.chat.waitForMessage(/👥 1 member follows you/);
    await fan.rest.post('/v1/users/me/unfollows', { body: { user_id: starId } });
    expect(await fan.rest.get('/v1/users/me/following')).toMatchObject({ total: 0 });
    expect(await codeOf(star.rest, 'POST', '/v1/users/me/follows', { user_id: starId })).toBe(20111);
    const tag = await admin.post<{ id: number }>('/v1/admin/tags', { body: { name: `guests ${randomInt(1e9)}` } });
    await admin.post(`/v1/admin/users/${starId}/tags`, { body: { tag_id: tag.id } });
    expect(await admin.get(`/v1/admin/tags/${tag.id}/users`)).toEqual({ user_ids: [starId] });
    await star.rest.post('/v1/registrations', { body: { invite_code: 'COSPLAY7' } });
    await eventually(async () => {
      const { items } = await admin.get<{ items: { name: string }[] }>(`/v1/admin/users/${starId}/tags`);
      expect(items.map(({ name }) => name)).toContain('registered');
    }, soon);
  });

  it('U-17: counts each active member once, however often and wherever seen, and tells admins in the chat, too', async () => {
    const today = communityDay(new Date(), 'Asia/Shanghai');
    const figures = () =>
      admin.get<{ members: { active: number }; active_members: { day: number }; days: { newcomers: number }[] }>(
        `/v1/admin/statistics/community?from=${today}&to=${today}`,
      );
    const busy = await stage().person({ first_name: 'Bea', language_code: 'en' });
    for (let visit = 0; visit < 5; visit += 1) await busy.rest.get('/v1/users/me');
    await busy.chat.send('/me');
    await eventually(async () => {
      const { members, active_members, days } = await figures();
      expect(active_members.day).toBeGreaterThan(0);
      expect(active_members.day).toBeLessThanOrEqual(members.active + 100);
      expect(days[0]?.newcomers).toBeGreaterThan(0);
    }, soon);
    expect(metricSum(await stage().metrics(), 'coser_user_status_changes_total')).toBeGreaterThan(0);
    const { chat } = await firstAdmin(stage());
    await chat.send('/admin');
    await chat.click('📊 Statistics');
    await chat.waitForMessage(/The community on[\s\S]*Members: [1-9][\s\S]*Active: [1-9][\s\S]*Newcomers: [1-9]/, soon);
  });

  it('U-15: terms are there in three languages, and their acceptance is kept', async () => {
    const { rest, chat } = await stage().person({ first_name: 'Tom', language_code: 'zh-hans' });
    for (const [locale, words] of [
      ['zh', /社区/],
      ['en', /community/],
      ['ru', /сообщество/],
    ] as const)
      expect((await stage().client.in(locale).get<{ text: string }>('/v1/terms')).text).toMatch(words);
    expect(await codeOf(rest, 'POST', '/v1/users/me/terms', { version: '1999-01-01' })).toBe(20110);
    expect(await rest.get('/v1/users/me/terms')).toMatchObject({ accepted_version: null });
    await chat.send('/terms');
    await chat.click('✔️ 我接受条款');
    await chat.waitForMessage(/你已接受使用条款/);
    const { accepted_version, current_version } = await rest.get<Record<string, string>>('/v1/users/me/terms');
    expect(accepted_version).toBe(current_version);
  });

  it('U-15: a deletion can be taken back, by REST and in the bot, and until then nothing else works', async () => {
    const { rest, chat } = await startedBy({ first_name: 'Dora', language_code: 'en' });
    await rest.post('/v1/users/me/deletion', { body: {} });
    await chat.waitForMessage(/will be deleted on/);
    await refusedEverywhere(rest, 20102);
    expect(await codeOf(rest, 'POST', '/v1/check-ins', {})).toBe(20102);
    expect(await rest.get<Me>('/v1/users/me')).toMatchObject({ status: 'deletion_pending' });
    await eventually(async () => {
      await chat.send('/checkin');
      await chat.waitForMessage(/nothing else works here/, 2_000);
    }, soon);
    await chat.click('↩️ Restore my account');
    await chat.waitForMessage(/Welcome back, Dora/);
    await eventually(async () => expect(await codeOf(rest, 'POST', '/v1/check-ins', {})).toBe(0), soon);
    await chat.send('/delete');
    await chat.click('Keep my account');
    await chat.waitForMessage(/stays as it is/);
    await chat.send('/delete');
    await chat.click('🗑 Yes, delete my account');
    await chat.waitForMessage(/Until then you can restore it here/);
    await rest.post('/v1/users/me/restoration', { body: {} });
    await eventually(async () => expect(await codeOf(rest, 'GET', '/v1/points/balance')).toBe(0), soon);
    expect(await rest.get('/v1/users/me/deletion')).toEqual({ requested_at: null, due_at: null });
  });

  it('U-15, U-02, U-10: when the grace is over nothing in any store says who it was, and no second trial is to be had', async () => {
    const canary = `canary${randomBytes(6).toString('hex')}`;
    const mailbox = freshAddress(canary);
    const telegramId = randomInt(5_000_000_000, 6_000_000_000);
    const phone = `+7913${randomInt(1_000_000, 9_999_999)}`;
    const needles = [canary, String(telegramId), phone.slice(1)];
    const profile = { id: telegramId, first_name: `N${canary}`, username: `u_${canary}`, language_code: 'en' };
    const person = await startedBy(profile);
    const id = await idOf(person);
    await person.rest.post('/v1/registrations', { body: { invite_code: 'COSPLAY7' } });
    await person.rest.post('/v1/check-ins', { body: {} });
    await linkPhone(person, phone);
    const address = { name: `N ${canary}`, phone, country: 'RU', province: 'Пермский край', city: 'Пермь' };
    const home = { ...address, address: `улица ${canary}, 1`, postal_code: '614000' };
    await person.rest.post('/v1/addresses', { body: home });
    const { code } = await person.rest.post<{ code: string }>('/v1/users/me/email-verifications', {
      body: { email: mailbox },
    });
    await stage().mail({ from: mailbox, subject: code, text: '' });
    await eventually(async () => expect(await stage().repliesTo(mailbox)).toHaveLength(1), soon);
    await person.chat.send('/bind');
    await person.chat.waitForMessage(/is linked to your account/);
    await person.chat.send(`other.${mailbox}`);
    await person.chat.waitForMessage(/Send us this code by mail/);
    expect(await stage().findInStores(needles)).not.toEqual([]);

    const archive = await fetchArchive(person.rest);
    expect(Object.keys(archive).sort()).toEqual([
      'entitlement.json',
      'manifest.json',
      'notification.json',
      'points.json',
      'user.json',
    ]);
    expect(archive['user.json']).toMatchObject({ users: [{ id, first_name: `N${canary}`, email: mailbox }] });
    expect(archive['user.json']).toMatchObject({ user_phones: [{ phone }] });
    expect(archive['notification.json']).toMatchObject({ contacts: [{ email: mailbox }] });
    expect(archive['points.json']).toMatchObject({ point_records: [{ points: 10 }], addresses: [{ address: home }] });
    await person.chat.send('/mydata');
    // Not the last message for sure: other news may come at the same time.
    await eventually(() => expect(person.chat.chat().filter((message) => 'document' in message)).toHaveLength(1), soon);

    await person.rest.post('/v1/users/me/deletion', { body: {} });
    await person.chat.waitForMessage(/will be deleted on/);
    await auditEntries(admin, id, ['user.deletion_requested.v1', 'user.data_export_requested.v1']);
    await stage().clockOffset(31 * dayMs);
    await eventually(async () => {
      const entries = await auditEntries(admin, id, ['user.erased.v1', 'points.personal_data_erased.v1']);
      expect(entries.filter(({ ip }) => ip !== null)).toEqual([]);
    }, soon);
    await eventually(async () => expect(await stage().findInStores(needles)).toEqual([]), soon);
    await eventually(async () => expect(await codeOf(person.rest, 'GET', '/v1/users/me')).toBe(20010), soon);
    await stage().clockOffset(0);

    const back = await stage().person(profile);
    expect(await idOf(back)).not.toBe(id);
    await back.rest.call('POST', '/v1/registrations', { body: { invite_code: 'COSPLAY7' } });
    await withoutMembership(back);
    expect(await codeOf(back.rest, 'POST', '/v1/registrations', { invite_code: 'COSPLAY7' })).toBe(20204);
    const sibling = await startedBy({ first_name: 'Sid', language_code: 'en' });
    await sibling.rest.post('/v1/registrations', { body: { invite_code: 'COSPLAY7' } });
    await linkPhone(sibling, phone);
    await withoutMembership(sibling);
    expect(await codeOf(sibling.rest, 'POST', '/v1/registrations', { invite_code: 'COSPLAY7' })).toBe(20204);
  });
});
