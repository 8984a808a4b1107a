import { Injectable } from '@nestjs/common';
import type { ScoreChange, ScoreSets } from '#cache';
import { Database, placeholders } from '#database';
import { InjectScoreSets } from '#service';
import { readScores, type ScoreWindow } from './leaderboard-score.store.js';
import { scopesOf, setsOf, type Scores } from './leaderboard.rules.js';

interface MemberRow {
  user_id: number;
  is_shown: number;
  is_active: number;
  province: string | null;
  city: string | null;
  listed: string;
}

interface Listing {
  readonly user_id: number;
  readonly scopes: readonly string[];
}

/** Puts members onto the boards they belong to, with the scores the tables say, and takes them off the others (P-08). */
@Injectable()
export class LeaderboardWriter {
  constructor(
    private readonly database: Database,
    @InjectScoreSets() private readonly sets: ScoreSets,
  ) {}

  /** Writes at most some hundred members. The same members again change nothing. */
  async write(generation: string, window: ScoreWindow, userIds: readonly number[]): Promise<void> {
    const { reader } = this.database;
    if (userIds.length === 0) return;
    const scores = await readScores(reader, window, userIds);
    const groups = await this.groupsOf(userIds);
    const members = await reader.query<MemberRow>(
      `SELECT user_id, is_shown, is_active, province, city, listed FROM leaderboard_members
       WHERE user_id IN (${placeholders(userIds.length)})`,
      userIds,
    );
    const changes: ScoreChange[] = [];
    const [arrivals, departures]: [Listing[], Listing[]] = [[], []];
    for (const member of members) {
      const { user_id } = member;
      const isSeen = member.is_shown === 1 && member.is_active === 1;
      const scopes = isSeen ? scopesOf({ ...member, groups: groups.get(user_id) ?? [] }) : [];
      const before = JSON.parse(member.listed) as string[];
      const left = before.filter((scope) => !scopes.includes(scope));
      changes.push(...changesOf(generation, window, user_id, scopes, scores.get(user_id)));
      changes.push(...changesOf(generation, window, user_id, left, undefined));
      if (scopes.some((scope) => !before.includes(scope))) arrivals.push({ user_id, scopes: [...scopes, ...left] });
      if (left.length > 0) departures.push({ user_id, scopes });
    }
    // Written down before it is so, and crossed out after: whoever may be on a board is found there, wherever this ends.
    await this.remember(arrivals);
    await this.sets.put(changes);
    await this.remember(departures);
  }

  private async groupsOf(userIds: readonly number[]): Promise<Map<number, string[]>> {
    const rows = await this.database.reader.query<{ chat_id: string; user_id: number }>(
      `SELECT chat_id, user_id FROM leaderboard_groups WHERE is_in = 1 AND user_id IN (${placeholders(userIds.length)})
       ORDER BY chat_id`,
      userIds,
    );
    const groups = new Map<number, string[]>();
    for (const { chat_id, user_id } of rows) groups.set(user_id, [...(groups.get(user_id) ?? []), chat_id]);
    return groups;
  }

  private async remember(listings: readonly Listing[]): Promise<void> {
    if (listings.length === 0) return;
    await this.database.transaction(async (tx) => {
      for (const { user_id, scopes } of listings)
        await tx.executeLater('UPDATE leaderboard_members SET listed = ? WHERE user_id = ?', [
          JSON.stringify(scopes),
          user_id,
        ]);
    });
  }
}

/** A score of zero is not on a board; without scores the member leaves all of them. */
function changesOf(
  generation: string,
  { periods }: ScoreWindow,
  member: number,
  scopes: readonly string[],
  scores: Scores | undefined,
): ScoreChange[] {
  return setsOf(generation, periods, scopes).map(({ set, metric, period }) => ({
    set,
    member,
    score: scores?.[metric][period] || null,
  }));
}
