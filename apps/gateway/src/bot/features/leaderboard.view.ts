import type { BoardMetric, GetLeaderboard, GetMyStanding, OutputOf } from '#contracts';
import { escapeHtml } from '#i18n';
import { formatNumber } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { daysText, pointsText } from './amount.view.js';

type Entry = OutputOf<typeof GetLeaderboard>['items'][number];
type Standing = OutputOf<typeof GetMyStanding>;

const medals = ['🥇', '🥈', '🥉'];

function scoreText(visit: Visit, metric: BoardMetric, score: number): string {
  return metric === 'points' ? pointsText(visit, score) : daysText(visit, score);
}

/** A line for each entry: rank, name, score; one's own in bold. */
export function entryLines(visit: Visit, metric: BoardMetric, entries: readonly Entry[]): string[] {
  return entries.map(({ rank, name, score, is_me }) => {
    const place = medals[rank - 1] ?? `${formatNumber(visit.locale, rank)}.`;
    const line = `${place} ${escapeHtml(name)} — ${escapeHtml(scoreText(visit, metric, score))}`;
    return is_me ? `<b>${line}</b>` : line;
  });
}

export function boardTitle(visit: Visit, { metric, period, scope, place }: Omit<Standing, 'neighbours'>): string {
  const where = place ?? visit.text(`leaderboard.scope.${scope}`);
  return visit.html('leaderboard.title', {
    metric: visit.text(`leaderboard.metric.${metric}`),
    period: visit.text(`leaderboard.period.${period}`),
    where,
  });
}

/** Where the member stands, in a sentence or two. */
export function standingLines(visit: Visit, standing: Standing): string[] {
  const { rank, metric, score, percentile, points_to_next, hidden, members } = standing;
  if (hidden) return [visit.html('leaderboard.hidden')];
  if (rank === null) return [visit.html('leaderboard.not_on_board')];
  const lines = [
    visit.html('leaderboard.my_rank', {
      rank: formatNumber(visit.locale, rank),
      members: formatNumber(visit.locale, members),
      score: scoreText(visit, metric, score),
    }),
  ];
  if (percentile !== null && percentile > 0)
    lines.push(visit.html('leaderboard.percentile', { percent: formatNumber(visit.locale, percentile) }));
  if (points_to_next !== null)
    lines.push(visit.html('leaderboard.to_next', { amount: scoreText(visit, metric, points_to_next) }));
  return lines;
}
