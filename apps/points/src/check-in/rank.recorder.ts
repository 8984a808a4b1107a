import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { RankReached } from '#contracts';
import type { CommandContext } from '#messaging';
import { Metrics } from '#service';
import { rankReached } from './rank.rules.js';

/** Tells that a member has reached a higher rank (P-04), whichever use case led there. */
@Injectable()
export class RankRecorder {
  private readonly reached: Counter<'rank'>;

  constructor(metrics: Metrics) {
    this.reached = metrics.counter('coser_ranks_reached_total', 'Ranks reached by check-in days', ['rank']);
  }

  tell(context: CommandContext, userId: number, daysBefore: number, daysAfter: number): void {
    const reached = rankReached(daysBefore, daysAfter);
    if (!reached) return;
    const { from: previous, to } = reached;
    context.emit(
      RankReached,
      {
        user_id: userId,
        previous,
        rank: to.name,
        stars: to.stars,
        total_days: daysAfter,
        channel: context.call.channel,
      },
      { user_id: userId, before: { rank: previous }, after: { rank: to.name } },
    );
    context.tx.afterCommit(() => this.reached.labels(to.name).inc());
  }
}
