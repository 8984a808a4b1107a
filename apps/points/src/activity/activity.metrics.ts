import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { activityStates, type ActivityState } from '#contracts';
import type { Tx } from '#database';
import { Metrics } from '#service';

const participationOutcomes = [
  'joined',
  'waiting',
  'left',
  'promoted',
  'approval_asked',
  'wrong_code',
  'completed',
  'refused',
] as const;
export type ParticipationOutcome = (typeof participationOutcomes)[number];

/** What happens to activities and in them (P-05). */
@Injectable()
export class ActivityMetrics {
  private readonly activities: Counter<'state'>;
  private readonly participations: Counter<'outcome'>;

  constructor(metrics: Metrics) {
    this.activities = metrics.counter('coser_activities_total', 'Activities that came into a state', ['state']);
    this.participations = metrics.counter(
      'coser_activity_participations_total',
      'What members and admins did about taking part, by outcome',
      ['outcome'],
    );
    for (const state of activityStates) this.activities.labels(state).inc(0);
    for (const outcome of participationOutcomes) this.participations.labels(outcome).inc(0);
  }

  became(tx: Tx, state: ActivityState): void {
    tx.afterCommit(() => this.activities.labels(state).inc());
  }

  participation(tx: Tx, outcome: ParticipationOutcome, count = 1): void {
    tx.afterCommit(() => this.participations.labels(outcome).inc(count));
  }
}
