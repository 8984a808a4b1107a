import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCache, type Cache } from '#cache';
import type { OutputOf, ListStandings, Profile } from '#contracts';
import { MemoryBroker, MessageClient } from '#messaging';
import { systemLogger } from '#service';
import { eventually } from '#testing';
import { chatKey, markKey, profileKey } from '../bot/member/cache-key.rules.js';
import { MemberResolver } from '../bot/member/member.resolver.js';
import { PatientClient } from '../bot/member/patient.client.js';
import { StandingWatcher } from './standing.worker.js';

type Change = OutputOf<typeof ListStandings>['items'][number];

const profile: Profile = {
  id: 7,
  telegram_id: '5551234567',
  kind: 'person',
  first_name: 'Nastya',
  username: 'nastya_cos',
  status: 'active',
  role: 'member',
  locale: 'ru',
  email: null,
  points: 0,
  membership: { state: 'none', plan: null, started_at: null, expires_at: null },
  created_at: '2031-01-02T03:04:05.000Z',
};

describe('StandingWatcher', () => {
  let directory: string;
  let file: string;
  let broker: MemoryBroker;
  let cache: Cache;
  let watcher: StandingWatcher;
  let members: MemberResolver;
  const changes: Change[] = [];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'coser-standings-'));
    file = join(directory, 'cache.jsonl');
    broker = new MemoryBroker();
    changes.length = 0;
    await broker.serve('user', async () => ({ ok: true, output: { items: changes } }), { concurrency: 1 });
    cache = await openCache({ file });
    const client = new MessageClient(broker);
    members = new MemberResolver(new PatientClient(client), cache);
    watcher = new StandingWatcher(client, cache, systemLogger('gateway', 'fatal'));
  });

  afterEach(async () => {
    await watcher.beforeApplicationShutdown();
    await cache.close();
    await broker.close();
    rmSync(directory, { recursive: true });
  });

  it('U-15: finds what was written between the wish to be deleted and the erasure', async () => {
    const change = { user_id: profile.id, telegram_id: profile.telegram_id };
    await members.remember(profile);
    changes.push({ ...change, id: 1, status: 'deletion_pending', changed_at: '2031-05-04T04:00:00.000Z' });
    watcher.onApplicationBootstrap();
    await eventually(() => expect(watcher.of(profile.id)).toBe('deletion_pending'));
    await eventually(async () => expect(await cache.get(profileKey(profile.telegram_id))).toBe(null));
    await cache.set(markKey('menu-button', profile.telegram_id), 'set', 86_400_000);
    const erased = { ...change, id: 2, status: 'erased' as const, changed_at: '2031-06-04T04:00:00.000Z' };
    changes.push({ ...erased, telegram_id: null });
    await eventually(() => expect(readFileSync(file, 'utf8')).not.toContain(profile.telegram_id));
  });

  it.each([null, profile.telegram_id])(
    'U-15: leaves nothing of an erased member, whether the owner still knows the Telegram id (%s) or not',
    async (telegramId) => {
      await members.remember(profile);
      await cache.set(chatKey('conversation', profile.telegram_id, profile.telegram_id), 'asked', 86_400_000);
      await cache.set(markKey('menu-button', profile.telegram_id), 'set', 86_400_000);
      expect(readFileSync(file, 'utf8')).toContain(profile.telegram_id);
      changes.push({
        id: 1,
        user_id: profile.id,
        status: 'erased',
        changed_at: '2031-05-04T04:00:00.000Z',
        telegram_id: telegramId,
      });
      watcher.onApplicationBootstrap();
      await eventually(() => expect(watcher.of(profile.id)).toBe('erased'));
      await eventually(() => {
        const kept = readFileSync(file, 'utf8');
        for (const trace of [profile.telegram_id, profile.first_name]) expect(kept).not.toContain(trace);
      });
    },
  );
});
