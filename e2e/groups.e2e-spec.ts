import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import type { EmulatedGroup } from '#testing/bot-emulator';
import { metricSum } from './stages/platform.readings.js';
import { stageKinds, useStage } from './stages/index.js';

interface Group {
  id: number;
  chat_id: string;
  title: string;
  missing_rights: string[];
  members: { in: number; out: number; unknown: number };
}

interface Member {
  telegram_id: string;
  user_id: number | null;
  standing: string;
  source: string;
  checked_at: string | null;
  check_result: string | null;
}

interface Broadcast {
  id: number;
  status: string;
  progress: { written: number; sent: number; failed: number; waiting: number };
}

const logChatId = -1_009_009_009_009;
/** The first message of a new group opens its first topic. */
const logTopicId = 1;
const environment = {
  LOG_CHAT_ID: String(logChatId),
  LOG_TOPIC_ID: String(logTopicId),
  LOG_LOCALE: 'en',
  GROUP_SWEEP_INTERVAL_SECONDS: '1',
};

describe.each(stageKinds)('groups, the log topic and broadcasts on $title', (kind) => {
  const stage = useStage(kind, { environment });
  let log: EmulatedGroup;
  let club: EmulatedGroup;

  beforeAll(() => {
    if (!kind.isThere) return;
    const { emulator } = stage();
    log = emulator.group({ id: logChatId, title: 'Staff', forum: true });
    expect(log.topic('Log')).toBe(logTopicId);
    club = emulator.group({ title: 'Cosplay Club', type: 'group' });
  });

  const logged = (wanted: RegExp) =>
    eventually(
      () =>
        expect(
          log
            .messages(logTopicId)
            .map(({ text }) => text ?? '')
            .join('\n'),
        ).toMatch(wanted),
      {
        timeoutMs: 60_000,
      },
    );
  const groupOf = async (chat: EmulatedGroup): Promise<Group> => {
    const { items } = await (await stage().admin()).get<{ items: Group[] }>('/v1/admin/groups?page_size=100');
    const found = items.find(({ chat_id }) => chat_id === String(chat.id));
    if (!found) throw new Error('the platform does not know the group');
    return found;
  };
  const rosterOf = async (chat: EmulatedGroup, filter = ''): Promise<Member[]> => {
    const { id } = await groupOf(chat);
    const admin = await stage().admin();
    return (await admin.get<{ items: Member[] }>(`/v1/admin/groups/${id}/members?page_size=100${filter}`)).items;
  };
  const standingIn = async (chat: EmulatedGroup, telegramId: number) =>
    (await rosterOf(chat)).find(({ telegram_id }) => telegram_id === String(telegramId));

  it('U-12: the roster follows what people do in a group', async () => {
    const { emulator } = stage();
    const anna = (await stage().person({ first_name: 'Anna', language_code: 'en' })).chat;
    const boris = emulator.member({ first_name: 'Boris', language_code: 'ru' });
    const silent = emulator.member({ first_name: 'Silent' });
    club.setStatus(silent, 'member');
    await anna.join(club);
    await boris.join(club);
    await club.sendAnonymously('Welcome, everybody');
    for (let count = 0; count < 5; count += 1) await anna.sendIn(club, `Hello ${count}`);
    await boris.leave(club);
    await eventually(async () => {
      expect(await standingIn(club, anna.id)).toMatchObject({ standing: 'in', user_id: expect.any(Number) as number });
      expect(await standingIn(club, boris.id)).toMatchObject({ standing: 'out', user_id: null });
    });
    club.restrict(anna, true, boris);
    await boris.askToJoin(club);
    await eventually(async () => {
      expect(await standingIn(club, boris.id)).toMatchObject({ source: 'join_request', standing: 'out' });
    });
    expect((await rosterOf(club)).map(({ telegram_id }) => telegram_id)).not.toContain('1087968824');
  });

  it('U-12: an admin brings a list, and Telegram’s word stays', async () => {
    const { id } = await groupOf(club);
    const admin = await stage().admin();
    const rows = [{ telegram_id: '555001', first_name: 'Listed' }, { telegram_id: 'nobody' }];
    const report = await admin.post<{ totals: Record<string, number>; rows: { outcome: string }[] }>(
      `/v1/admin/groups/${id}/member-imports`,
      { body: { rows } },
    );
    expect(report.rows.map(({ outcome }) => outcome)).toEqual(['added', 'refused']);
    expect(await rosterOf(club, '&source=import')).toMatchObject([{ telegram_id: '555001', standing: 'in' }]);
    await logged(/List for “Cosplay Club”: 1 added, 0 updated, 1 refused/);
  });

  it('U-12: whoever left while the bot did not hear of it is found by asking Telegram', async () => {
    const { emulator } = stage();
    const admin = await stage().admin();
    const [gone, stays] = [emulator.member({ first_name: 'Gone' }), emulator.member({ first_name: 'Stays' })];
    for (const person of [gone, stays]) await person.join(club);
    await eventually(async () => {
      expect(await standingIn(club, gone.id)).toMatchObject({ standing: 'in' });
      expect(await standingIn(club, stays.id)).toMatchObject({ standing: 'in' });
    });
    club.setStatusUnheard(gone, 'left');
    const { id } = await groupOf(club);
    const requested = await admin.post<{ members: number }>(`/v1/admin/groups/${id}/roster-checks`, { body: {} });
    expect(requested.members).toBeGreaterThan(0);
    await eventually(
      async () => {
        expect(await standingIn(club, gone.id)).toMatchObject({ standing: 'out', source: 'lookup' });
        const kept = await standingIn(club, stays.id);
        expect(kept).toMatchObject({ standing: 'in', check_result: 'answered' });
        expect(kept?.checked_at).toEqual(expect.any(String));
        // Telegram does not know whom the admin has listed: that says nothing about them.
        expect(await standingIn(club, 555_001)).toMatchObject({ standing: 'in', check_result: 'not_known' });
      },
      { timeoutMs: 60_000 },
    );
    await eventually(async () => {
      const { items } = await admin.get<{ items: { after: Record<string, unknown> | null }[] }>(
        '/v1/audit-logs?limit=100&event=user.group_member_changed.v1',
      );
      expect(items.map(({ after }) => after)).toContainEqual(
        expect.objectContaining({ standing: 'out', source: 'lookup' }),
      );
    });
    await eventually(async () => {
      const metrics = await stage().metrics();
      expect(metricSum(metrics, 'coser_roster_checks_total', { outcome: 'changed' })).toBeGreaterThan(0);
      expect(metricSum(metrics, 'coser_roster_lookups_total', { outcome: 'answered' })).toBeGreaterThan(0);
    });
  });

  it('U-12: what happened while the bot was no administrator is caught up with once it is one again', async () => {
    const { emulator } = stage();
    const owner = emulator.member({ first_name: 'Owner' });
    const missed = emulator.member({ first_name: 'Missed' });
    await missed.join(club);
    await eventually(async () => expect(await standingIn(club, missed.id)).toMatchObject({ standing: 'in' }));
    const { id } = await groupOf(club);
    club.setBot('left', owner);
    club.setStatus(missed, 'left');
    const admin = await stage().admin();
    await eventually(async () => {
      const { code } = await admin.call('POST', `/v1/admin/groups/${id}/roster-checks`, { body: {} });
      expect(code).toBe(20240);
    });
    club.setBot('administrator', owner);
    await eventually(async () => {
      const { code } = await admin.call('POST', `/v1/admin/groups/${id}/roster-checks`, { body: {} });
      expect(code).toBe(0);
    });
    await eventually(async () => expect(await standingIn(club, missed.id)).toMatchObject({ standing: 'out' }), {
      timeoutMs: 60_000,
    });
  });

  it('U-12: a group that becomes a supergroup keeps its people', async () => {
    const before = await rosterOf(club);
    const owner = stage().emulator.member({ first_name: 'Owner' });
    const former = club;
    club = await club.upgrade(owner);
    await eventually(async () => {
      const ids = (members: Member[]) => members.map(({ telegram_id }) => telegram_id).sort();
      expect(ids(await rosterOf(club))).toEqual(ids(before));
    });
    await expect(groupOf(former)).rejects.toThrow('does not know');
    await logged(/“Cosplay Club” is a supergroup now/);
  });

  it('U-12, B-05: says what the bot lacks, to admins and in the log topic', async () => {
    const owner = stage().emulator.member({ first_name: 'Owner' });
    club.setBot('administrator', owner, { can_restrict_members: false });
    const admin = await stage().admin();
    const readiness = () =>
      admin.get<{ ready: boolean; updates: { missing: string[] } | null; groups: Group[] }>('/v1/admin/bot-readiness');
    await eventually(async () => {
      const { ready, updates, groups } = await readiness();
      expect([ready, updates?.missing]).toEqual([false, []]);
      expect(groups.find(({ chat_id }) => chat_id === String(club.id))?.missing_rights).toEqual([
        'can_restrict_members',
      ]);
    });
    await logged(/🚨 The bot lacks rights in “Cosplay Club”: can_restrict_members/);
    await eventually(async () => expect(metricSum(await stage().metrics(), 'coser_bot_groups_without_rights')).toBe(1));
    club.setBot('administrator', owner);
    await logged(/✅ The bot has all its rights in “Cosplay Club”/);
  });

  it('B-05: registrations come into the log topic, in few messages', async () => {
    for (const name of ['Vera', 'Galina', 'Dmitri']) {
      const { rest } = await stage().person({ first_name: name, language_code: 'ru' });
      await rest.post('/v1/registrations', { body: { invite_code: 'COSPLAY7' } });
    }
    await logged(/🎟 Dmitri \(#\d+\) became a member \(trial\)/);
    expect(
      stage()
        .emulator.violations()
        .filter(({ scope }) => scope !== 'overall'),
    ).toEqual([]);
  });

  it('B-04, N-10: a broadcast reaches the members of a group once, each in their language', async () => {
    const admin = await stage().admin();
    // A group of its own: with members of earlier tests a preview of three would not say that these three are known.
    const meeting = stage().emulator.group({ title: 'Saturday Meeting' });
    const people = await Promise.all(
      [
        ['Lin', 'zh'],
        ['Lena', 'ru'],
        ['Lucy', 'en'],
      ].map(async ([first_name = '', language_code = '']) => {
        const { chat } = await stage().person({ first_name, language_code });
        await chat.start();
        await chat.join(meeting);
        return chat;
      }),
    );
    const { id: groupId } = await eventually(() => groupOf(meeting));
    const draft = await admin.post<Broadcast>('/v1/admin/broadcasts', {
      body: {
        title: 'Meeting',
        texts: { zh: '周六见！', en: 'See you on Saturday!' },
        fallback: 'en',
        segment: { group_id: groupId, locales: ['zh', 'ru', 'en'] },
      },
    });
    const { recipients, digest } = await eventually(async () => {
      const preview = await admin.get<{ recipients: number; digest: string }>(
        `/v1/admin/broadcasts/${draft.id}/preview`,
      );
      expect(preview.recipients).toBe(people.length);
      return preview;
    });
    await admin.post(`/v1/admin/broadcasts/${draft.id}/confirmation`, { body: { recipients, digest } });
    const [lin, lena, lucy] = people;
    await lin?.waitForMessage(/^周六见！$/);
    await lena?.waitForMessage(/^See you on Saturday!$/);
    await lucy?.waitForMessage(/^See you on Saturday!$/);
    await eventually(async () => {
      const { status, progress } = await admin.get<Broadcast>(`/v1/admin/broadcasts/${draft.id}`);
      expect([status, progress.waiting]).toEqual(['finished', 0]);
      expect(progress.written).toBe(recipients);
      expect(progress.sent).toBe(recipients);
    });
    for (const person of people) {
      expect(person.chat().filter(({ text }) => /Saturday|周六/.test(text ?? ''))).toHaveLength(1);
    }
    await logged(/📣 “Meeting” \(\d+\): finished/);
  });

  it('N-09: learns that a member blocked the bot, and that they came back', async () => {
    const admin = await stage().admin();
    const { chat } = await stage().person({ first_name: 'Shy', language_code: 'zh' });
    await chat.start();
    await chat.waitForMessage(/Shy/);
    const draft = await admin.post<Broadcast>('/v1/admin/broadcasts', {
      body: { title: 'Reach', texts: { zh: '在吗？' }, segment: { locales: ['zh'] } },
    });
    const preview = () =>
      admin.get<{ recipients: number; unreachable: number }>(`/v1/admin/broadcasts/${draft.id}/preview`);
    const { recipients } = await eventually(async () => {
      const seen = await preview();
      expect(seen).toMatchObject({ unreachable: 0 });
      expect(seen.recipients).toBeGreaterThanOrEqual(2);
      return seen;
    });
    chat.block();
    await eventually(async () => expect(await preview()).toMatchObject({ recipients: recipients - 1, unreachable: 1 }));
    chat.unblock();
    await eventually(async () => expect(await preview()).toMatchObject({ recipients, unreachable: 0 }));
  });
});
