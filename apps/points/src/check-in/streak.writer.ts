import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { bonusSchema } from '#contracts';
import type { CommandContext } from '#messaging';
import { LedgerService, type Account, type Posting } from '../ledger/ledger.service.js';
import { bonusesOf, withCards, type CheckInState } from './check-in.rules.js';
import { columnsOf, protectedBetween, updateMarks, type MarkRow } from './member.store.js';
import { recount, streakSteps, type CountedMark, type IsProtected, type Steps } from './streak.rules.js';

/** As many of the latest days as makeups and amnesties can concern, and one before them to count from. */
export const marksAtMost = 130;

interface RecountWish {
  /** The latest days that count, oldest first; one that was added has a streak of 0. */
  readonly marks: readonly MarkRow[];
  /** The member's state apart from the streak. */
  readonly state: CheckInState;
  /** The business fact that bonuses belong to. */
  readonly key: string;
}

export interface RecountResult {
  readonly state: CheckInState;
  readonly bonuses: z.infer<typeof bonusSchema>[];
  readonly cardsEarned: number;
  readonly balance: number;
  readonly isChanged: boolean;
}

/** Counts a member's streak anew and writes down what came of it: marks, state, bonuses that are due. */
@Injectable()
export class StreakWriter {
  constructor(private readonly ledger: LedgerService) {}

  async recount(context: CommandContext, account: Account, wish: RecountWish): Promise<RecountResult> {
    const { marks, state: before } = wish;
    const first = marks[0];
    const last = marks.at(-1);
    if (!first || !last) throw new Error('there is no day to count');
    const isProtected = await protectedBetween(context.tx, first.day, last.day);
    const { counted, due } = countFrom(marks, isProtected);
    const changed = marks.flatMap((mark, index) => {
      const now = counted[index] ?? mark;
      return isSame(mark, now) ? [] : [{ ...now, id: mark.id }];
    });
    if (changed.length > 0) {
      const { sql, values } = updateMarks(changed);
      await context.tx.executeOnce(sql, values);
    }
    const end = counted.at(-1) ?? last;
    const cardsEarned = due.weeks * streakSteps.weeks.cards + due.months * streakSteps.months.cards;
    const state: CheckInState = {
      ...before,
      day: last.day,
      streakDays: end.streak_days,
      rewarded: { weeks: end.streak_weeks, months: end.streak_months },
      makeupCards: withCards(before.makeupCards, cardsEarned),
    };
    const bonuses = bonusesOf(end.streak_days, due);
    const postings = bonuses.map(({ streakDays, points }, index): Posting => ({
      type: 'streak_bonus',
      points,
      description: String(streakDays),
      key: `streak_bonus:${wish.key}:${last.day}:${streakDays}:${index}:${points}`,
    }));
    const balance = await this.write(context, account, state, postings);
    return {
      state,
      bonuses: bonuses.map(({ streakDays, points }) => ({ streak_days: streakDays, points })),
      cardsEarned,
      balance,
      isChanged: changed.length > 0,
    };
  }

  private async write(
    context: CommandContext,
    account: Account,
    state: CheckInState,
    postings: Posting[],
  ): Promise<number> {
    const alongside = columnsOf(state);
    if (postings.length > 0) return (await this.ledger.post(context, account, postings, { alongside })).balance;
    const columns = Object.keys(alongside);
    await context.tx.execute(
      `UPDATE point_accounts SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE user_id = ?`,
      [...columns.map((column) => alongside[column] ?? null), account.userId],
    );
    return account.balance;
  }
}

type Counted = Pick<MarkRow, 'streak_days' | 'streak_weeks' | 'streak_months'>;

/** When more days exist than were read, the oldest one is right and is counted from. */
function countFrom(marks: readonly MarkRow[], isProtected: IsProtected): { counted: Counted[]; due: Steps } {
  const views = marks.map(viewOf);
  const [oldest, ...younger] = views;
  const isWhole = marks.length < marksAtMost;
  const result = recount(isWhole ? null : (oldest ?? null), isWhole ? views : younger, isProtected);
  const counted = [...(isWhole || !oldest ? [] : [oldest]), ...result.marks].map((mark) => ({
    streak_days: mark.streakDays,
    streak_weeks: mark.weeks,
    streak_months: mark.months,
  }));
  return { counted, due: result.due };
}

function viewOf(row: MarkRow): CountedMark {
  return {
    day: row.day,
    skippedDays: row.skipped_days,
    streakDays: row.streak_days,
    weeks: row.streak_weeks,
    months: row.streak_months,
  };
}

function isSame(left: Counted, right: Counted): boolean {
  return (
    left.streak_days === right.streak_days &&
    left.streak_weeks === right.streak_weeks &&
    left.streak_months === right.streak_months
  );
}
