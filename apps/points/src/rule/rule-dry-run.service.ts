import { Controller } from '@nestjs/common';
import { DryRunRule, type HandledInputOf, type OutputOf } from '#contracts';
import { fromSqlTime, sqlTime, type Reader, type SqlTime } from '#database';
import { HandleQuery, requirePermission, type QueryContext } from '#messaging';
import { InjectSettings } from '#service';
import { communityDay } from '#calendar';
import type { PointsSettings } from '../points.env.js';
import type { Facts } from './rule-condition.rules.js';
import { DryRun } from './rule-dry-run.rules.js';
import { planOf, refuseNonsense } from './rule.store.js';

const eventsPerStep = 1_000;
const membersShownAtMost = 20;
const dayMs = 86_400_000;

interface EventRow {
  event_id: string;
  user_id: number;
  occurred_at: SqlTime;
  facts: string;
}

type Wish = HandledInputOf<typeof DryRunRule>;

/** Tries a rule on what really happened (P-06). Nothing is written. */
@Controller()
export class RuleDryRunService {
  constructor(@InjectSettings() private readonly settings: PointsSettings) {}

  @HandleQuery(DryRunRule)
  async dryRun(wish: Wish, { reader, now, call }: QueryContext): Promise<OutputOf<typeof DryRunRule>> {
    requirePermission(call, 'rule.read');
    refuseNonsense(wish);
    const wanted = sqlTime(new Date(now.getTime() - wish.days * dayMs));
    const start = await this.startOf(reader, wish.event_type, wanted);
    const run = new DryRun(planOf(wish));
    const events = await this.replay(reader, wish.event_type, start, run);
    const oldest = await reader.one<{ oldest: SqlTime | null }>('SELECT MIN(occurred_at) AS oldest FROM rule_events');
    const known = [start, oldest?.oldest ?? sqlTime(now)].sort().at(-1) ?? start;
    return {
      events,
      rewards: run.total.rewards,
      points: run.total.points,
      members: run.members.size,
      covered_from: fromSqlTime(known).toISOString(),
      complete: known === wanted,
      outcomes: [...run.outcomes].map(([outcome, count]) => ({ outcome, events: count })),
      days: [...run.days]
        .sort(([left], [right]) => left.localeCompare(right))
        .map(([day, tally]) => ({ day, ...tally })),
      top_members: [...run.members]
        .sort(([, left], [, right]) => right.points - left.points)
        .slice(0, membersShownAtMost)
        .map(([userId, tally]) => ({ user_id: userId, ...tally })),
    };
  }

  /** Step by step, so that other requests come in between. */
  private async replay(reader: Reader, eventType: string, start: SqlTime, run: DryRun): Promise<number> {
    let [time, id]: [SqlTime, string] = [start, ''];
    let events = 0;
    while (events < this.settings.RULE_DRY_RUN_EVENTS_AT_MOST) {
      const rows = await reader.query<EventRow>(
        `SELECT event_id, user_id, occurred_at, facts FROM rule_events
         WHERE event_type = ? AND (occurred_at > ? OR (occurred_at = ? AND event_id > ?))
         ORDER BY occurred_at, event_id LIMIT ${eventsPerStep}`,
        [eventType, time, time, id],
      );
      for (const row of rows) {
        const occurredAt = fromSqlTime(row.occurred_at);
        const day = communityDay(occurredAt, this.settings.COMMUNITY_TIMEZONE);
        run.take({ userId: row.user_id, day, occurredAt, facts: JSON.parse(row.facts) as Facts });
      }
      events += rows.length;
      const last = rows.at(-1);
      if (!last || rows.length < eventsPerStep) break;
      [time, id] = [last.occurred_at, last.event_id];
    }
    return events;
  }

  /** From where on there are no more events than may be looked at. */
  private async startOf(reader: Reader, eventType: string, wanted: SqlTime): Promise<SqlTime> {
    const row = await reader.one<{ occurred_at: SqlTime }>(
      `SELECT occurred_at FROM rule_events WHERE event_type = ? AND occurred_at >= ?
       ORDER BY occurred_at DESC LIMIT 1 OFFSET ${this.settings.RULE_DRY_RUN_EVENTS_AT_MOST - 1}`,
      [eventType, wanted],
    );
    return row?.occurred_at ?? wanted;
  }
}
