import { AppError, pointRecordTypes, type PointRecordType } from '#contracts';

/** `point_records.points` is an INT of the source document (P-01). */
export const recordPointsAtMost = 2_147_483_647;
/** Beyond it a JavaScript number is no longer exact. */
export const balanceAtMost = Number.MAX_SAFE_INTEGER;

/** What an account holds. `available` is `balance - frozen` and is never negative. */
export interface Holdings {
  readonly balance: number;
  readonly frozen: number;
  readonly lifetimeEarned: number;
}

/** One record to be posted. */
export interface Posting {
  readonly type: PointRecordType;
  /** Positive or negative, never zero. */
  readonly points: number;
  readonly description: string | null;
  /** The business fact behind it: the same fact is posted once. */
  readonly key: string;
}

/** Whether points of a type, posted in the member's favour, were earned by them and count towards the level (E-02). */
const earned: Readonly<Record<PointRecordType, boolean>> = {
  check_in: true,
  activity: true,
  transfer: false,
  streak_bonus: true,
  admin_adjust: false,
  shop_purchase: false,
  shop_refund: false,
  reversal: false,
  invitation_reward: true,
  frozen_debit: false,
  content: true,
  rule_reward: true,
};

export function isEarning(type: PointRecordType): boolean {
  return earned[type];
}

/** Their stored numbers. */
export const earningTypeNumbers: readonly number[] = Object.entries(pointRecordTypes)
  .filter(([name]) => isEarning(name as PointRecordType))
  .map(([, number]) => number);

/**
 * What is undone where it was done: an order by its next step, a movement between members by another movement. Taken back by its
 * record alone it would be given back twice, or on one side only.
 */
const undoneElsewhere: ReadonlySet<PointRecordType> = new Set(['reversal', 'shop_purchase', 'shop_refund', 'transfer']);

export function isReversible(type: PointRecordType): boolean {
  return !undoneElsewhere.has(type);
}

const typeNames = new Map<number, PointRecordType>(
  Object.entries(pointRecordTypes).map(([name, number]) => [number, name as PointRecordType]),
);

/** The name of a stored type number. @throws Error for a number that this version does not know. */
export function recordTypeOf(number: number): PointRecordType {
  const name = typeNames.get(number);
  if (!name) throw new Error(`${number} is no type of a point record`);
  return name;
}

/** @throws AppError points.amount_invalid for zero, a fraction or no number; points.amount_too_large beyond an INT. */
export function assertRecordPoints(points: number): void {
  if (!Number.isInteger(points) || points === 0)
    throw new AppError('points.amount_invalid', { amount: String(points) });
  if (Math.abs(points) > recordPointsAtMost) {
    throw new AppError('points.amount_too_large', { limit: recordPointsAtMost });
  }
}

/** The same for an amount that must be positive: what is frozen, released or taken from a hold. */
export function assertPositivePoints(points: number): void {
  if (points < 0) throw new AppError('points.amount_invalid', { amount: String(points) });
  assertRecordPoints(points);
}

export interface DecidedPostings {
  /** The balance behind each posting, in their order. */
  readonly balances: readonly number[];
  readonly after: Holdings;
}

/**
 * What postings make of an account from which `unfreeze` points are let go at the same time.
 * @throws AppError points.insufficient_balance when the available points do not cover them at every step,
 * points.amount_invalid, points.amount_too_large.
 */
export function decidePostings(before: Holdings, postings: readonly Posting[], unfreeze = 0): DecidedPostings {
  const frozen = before.frozen - unfreeze;
  const available = before.balance - frozen;
  let { balance, lifetimeEarned } = before;
  const balances = postings.map(({ type, points }) => {
    assertRecordPoints(points);
    balance += points;
    if (balance > balanceAtMost) throw new AppError('points.amount_too_large', { limit: balanceAtMost });
    if (balance < frozen) {
      const required = before.balance - balance;
      throw new AppError('points.insufficient_balance', { balance: available, required });
    }
    if (points > 0 && isEarning(type)) lifetimeEarned = Math.min(balanceAtMost, lifetimeEarned + points);
    return balance;
  });
  return { balances, after: { balance, frozen, lifetimeEarned } };
}

/** @throws AppError points.insufficient_balance when less than that is available. */
export function decideFreeze({ balance, frozen }: Holdings, points: number): void {
  assertPositivePoints(points);
  if (points > balance - frozen) {
    throw new AppError('points.insufficient_balance', { balance: balance - frozen, required: points });
  }
}

/** How much of a hold is settled: all that remains unless told. @throws AppError points.hold_too_small. */
export function decideSettlement(remaining: number, points: number | undefined): number {
  const wanted = points ?? remaining;
  if (remaining === 0 || wanted > remaining) {
    throw new AppError('points.hold_too_small', { remaining, required: points ?? 1 });
  }
  assertPositivePoints(wanted);
  return wanted;
}
