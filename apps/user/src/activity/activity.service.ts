import { Controller } from '@nestjs/common';
import {
  ActivityRecorded,
  AppError,
  GetCommunityStatistics,
  RecordActivity,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { Database, placeholders, sqlTime, type Reader } from '#database';
import {
  HandleCommand,
  HandleQuery,
  requirePermission,
  type Clock,
  type CommandContext,
  type QueryContext,
} from '#messaging';
import { InjectClock, InjectSettings, Metrics } from '#service';
import type { Gauge } from 'prom-client';
import type { UserSettings } from '../user.env.js';
import { daysFrom, periodStart, spansOf } from './activity.rules.js';
import { countByDay, countMembers } from './activity.store.js';

const countAgainAfterMs = 60_000;

type Active = OutputOf<typeof GetCommunityStatistics>['active_members'];

/** Who was there when (U-17): a member counts once a day, however often seen and by however many gateways. */
@Controller()
export class ActivityService {
  private counted: { at: number; active: Active; members: Record<string, number> } | null = null;

  constructor(
    private readonly database: Database,
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() private readonly settings: UserSettings,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'coser_active_users',
      'Members seen in the last day, week (7 d) and month (30 d)',
      (gauge) => this.showActive(gauge),
      ['period'],
    );
    metrics.gauge('coser_users', 'Accounts by status', (gauge) => this.showMembers(gauge), ['status']);
  }

  @HandleCommand(RecordActivity)
  async record(
    { day, user_ids }: HandledInputOf<typeof RecordActivity>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RecordActivity>> {
    if (context.call.actor.kind !== 'system') throw new AppError('auth.forbidden');
    const { tx } = context;
    const ids = [...new Set(user_ids)];
    const known = await tx.query<{ id: number }>(
      `SELECT u.id FROM users u LEFT JOIN activity_days a ON a.user_id = u.id AND a.day = ?
       WHERE u.id IN (${placeholders(ids.length)}) AND a.user_id IS NULL`,
      [day, ...ids],
    );
    if (known.length === 0) return { counted: 0 };
    const rows = known.map(({ id }) => ({ day, user_id: id }));
    await tx.upsert('activity_days', rows, { conflict: ['day', 'user_id'] });
    context.emit(ActivityRecorded, { day, members: rows.length }, { after: { day, members: rows.length } });
    return { counted: rows.length };
  }

  @HandleQuery(GetCommunityStatistics)
  async statistics(
    { from, to }: HandledInputOf<typeof GetCommunityStatistics>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof GetCommunityStatistics>> {
    requirePermission(call, 'statistics.read');
    const days = daysFrom(from, to);
    if (days === null) throw AppError.invalid([{ path: ['to'], code: 'range_invalid' }]);
    const spans = spansOf(days, this.settings.COMMUNITY_TIMEZONE);
    const [newcomers, registrations, active, verifications] = await Promise.all([
      countByDay(reader, 'users', 'created_at', spans),
      countByDay(reader, 'member_registrations', 'registered_at', spans),
      reader.query<{ day: string; total: number | string }>(
        'SELECT day, COUNT(*) AS total FROM activity_days WHERE day >= ? AND day <= ? GROUP BY day',
        [from, to],
      ),
      reader.query<{ status: string; total: number | string }>(
        `SELECT status, COUNT(*) AS total FROM email_verifications WHERE created_at >= ? AND created_at < ? GROUP BY status`,
        [spans[0]?.startsAt ?? now, spans.at(-1)?.endsAt ?? now].map(sqlTime),
      ),
    ]);
    const activeByDay = new Map(active.map(({ day, total }) => [day, Number(total)]));
    const members = await countMembers(reader);
    return {
      members: {
        active: members['active'] ?? 0,
        banned: members['banned'] ?? 0,
        deletion_pending: members['deletion_pending'] ?? 0,
      },
      active_members: await this.countActive(reader, now),
      days: days.map((day) => ({
        day,
        newcomers: newcomers.get(day) ?? 0,
        registrations: registrations.get(day) ?? 0,
        active_members: activeByDay.get(day) ?? 0,
      })),
      verifications: Object.fromEntries(verifications.map(({ status, total }) => [status, Number(total)])),
    };
  }

  private async showActive(gauge: Gauge<'period'>): Promise<void> {
    const counted = await this.count();
    if (!counted) return;
    for (const [period, total] of Object.entries(counted.active)) gauge.labels(period).set(total);
  }

  private async showMembers(gauge: Gauge<'status'>): Promise<void> {
    const counted = await this.count();
    if (!counted) return;
    for (const [status, total] of Object.entries(counted.members)) gauge.labels(status).set(total);
  }

  /** A scrape must not cost a scan each time. */
  private async count(): Promise<{ active: Active; members: Record<string, number> } | null> {
    if (this.counted && Date.now() - this.counted.at < countAgainAfterMs) return this.counted;
    try {
      const active = await this.countActive(this.database.reader, this.clock.now());
      this.counted = { at: Date.now(), active, members: await countMembers(this.database.reader) };
    } catch {
      return null;
    }
    return this.counted;
  }

  private async countActive(reader: Reader, now: Date): Promise<Active> {
    const since = async (days: number): Promise<number> => {
      const row = await reader.one<{ total: number | string }>(
        'SELECT COUNT(DISTINCT user_id) AS total FROM activity_days WHERE day >= ?',
        [periodStart(now, days, this.settings.COMMUNITY_TIMEZONE)],
      );
      return Number(row?.total ?? 0);
    };
    return { day: await since(1), week: await since(7), month: await since(30) };
  }
}
