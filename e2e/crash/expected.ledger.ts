/** One check-in as the model says it must be. */
export interface ExpectedCheckIn {
  readonly day: string;
  readonly streakDays: number;
  readonly totalDays: number;
  readonly bonusPoints: number;
  readonly points: number;
  readonly balance: number;
}

/** One that the platform has accepted, with the id it gave. */
export interface AcceptedCheckIn extends ExpectedCheckIn {
  readonly id: number;
}

export interface ExpectedMember {
  readonly userId: number;
  readonly checkIns: readonly AcceptedCheckIn[];
}

/** What the platform answers to a check-in. */
export interface CheckInAnswer {
  readonly id: number;
  readonly day: string;
  readonly points: number;
  readonly bonuses: readonly { points: number }[];
  readonly streak_days: number;
  readonly total_days: number;
  readonly balance: number;
}

const basePoints = 10;
const dayMs = 86_400_000;

/**
 * The test's own books: what every member must have, computed from the accepted check-ins alone and by rules written down a
 * second time (10 points a day, 20 more on every 7th, 100 more on every 30th day of a streak).
 */
export class ExpectedLedger {
  private readonly accepted = new Map<number, AcceptedCheckIn[]>();

  constructor(userIds: readonly number[]) {
    for (const userId of userIds) this.accepted.set(userId, []);
  }

  /** Writes an accepted check-in down; returns what is wrong with the answer, if anything. */
  accept(userId: number, day: string, answer: CheckInAnswer): string[] {
    const expected = this.next(userId, day);
    const bonusPoints = answer.bonuses.reduce((sum, { points }) => sum + points, 0);
    const given = {
      day: answer.day,
      streakDays: answer.streak_days,
      totalDays: answer.total_days,
      bonusPoints,
      points: answer.points,
      balance: answer.balance,
    };
    this.of(userId).push({ ...expected, id: answer.id });
    const [is, must] = [JSON.stringify(given), JSON.stringify(expected)];
    return is === must ? [] : [`answer: user ${userId} got ${is} instead of ${must}`];
  }

  members(): ExpectedMember[] {
    return [...this.accepted].map(([userId, checkIns]) => ({ userId, checkIns }));
  }

  private next(userId: number, day: string): ExpectedCheckIn {
    const last = this.of(userId).at(-1);
    const continues = last !== undefined && Date.parse(day) - Date.parse(last.day) === dayMs;
    const streakDays = continues ? last.streakDays + 1 : 1;
    const bonusPoints = (streakDays % 7 === 0 ? 20 : 0) + (streakDays % 30 === 0 ? 100 : 0);
    const points = basePoints + bonusPoints;
    const totalDays = (last?.totalDays ?? 0) + 1;
    return { day, streakDays, totalDays, bonusPoints, points, balance: (last?.balance ?? 0) + points };
  }

  private of(userId: number): AcceptedCheckIn[] {
    const checkIns = this.accepted.get(userId);
    if (!checkIns) throw new Error(`user ${userId} is not in the model`);
    return checkIns;
  }
}
