import { z } from 'zod';
import {
  boardMetrics,
  boardPeriods,
  boardScopes,
  type BoardMetric,
  type BoardPeriod,
  type BoardScope,
} from '#contracts';
import { defineCallback } from '../callback.data.js';
import type { Visit } from '../member/visit.client.js';
import type { MenuEntry } from '../menu.types.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { menuButton } from './menu.view.js';

/** A board as a member looks at it; groups' boards are asked for in the group. */
export interface WantedBoard {
  readonly metric: BoardMetric;
  readonly period: BoardPeriod;
  readonly scope: Exclude<BoardScope, 'group'>;
}

const shownScopes = boardScopes.filter((scope) => scope !== 'group');

export const leaderboardPress = defineCallback(
  'board',
  z.object({ metric: z.enum(boardMetrics), period: z.enum(boardPeriods), scope: z.enum(shownScopes) }),
);

export const leaderboardEntry: MenuEntry = {
  section: 'points',
  order: 50,
  label: 'leaderboard.button',
  press: defineCallback('leaderboard'),
  command: { name: 'top', description: 'leaderboard.command', scopes: ['private', 'group'] },
};

export const myRankEntry: MenuEntry = {
  section: 'points',
  order: 51,
  label: 'leaderboard.my_button',
  press: defineCallback('my_rank'),
  command: { name: 'rank', description: 'leaderboard.my_command', scopes: ['private', 'group'] },
};

/** One row for each choice; the chosen one is marked. */
export function boardRows(visit: Visit, wanted: WantedBoard): ButtonRows {
  const choice = (label: string, isChosen: boolean, other: WantedBoard) =>
    button(isChosen ? `· ${label} ·` : label, leaderboardPress.pack({ ...other }));
  const metrics = boardMetrics.map((metric) =>
    choice(visit.text(`leaderboard.metric.${metric}`), metric === wanted.metric, { ...wanted, metric }),
  );
  const periods = boardPeriods.map((period) =>
    choice(visit.text(`leaderboard.period.${period}`), period === wanted.period, { ...wanted, period }),
  );
  const scopes = shownScopes.map((scope) =>
    choice(visit.text(`leaderboard.scope.${scope}`), scope === wanted.scope, { ...wanted, scope }),
  );
  return [metrics, periods, scopes, [menuButton(visit)]];
}
