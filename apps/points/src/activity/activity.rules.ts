import type { ActivityState, ActivityWay } from '#contracts';

/** What decides about an activity, on plain values. */
export interface ActivityPlan {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly registrationOpensAt: Date | null;
  readonly registrationClosesAt: Date | null;
  readonly capacity: number;
  readonly way: ActivityWay;
  readonly code: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly radiusM: number | null;
}

export interface Problem {
  readonly path: string;
  readonly problem: string;
}

const dayMs = 86_400_000;
const longestDays = 366;
/** How long after its end an admin may still say who took part. */
const decidedAfterEndDaysAtMost = 30;

/** Everything that contradicts itself in a plan; empty when it makes sense (P-05). */
export function planProblems(plan: ActivityPlan): Problem[] {
  return [...windowProblems(plan), ...wayProblems(plan)];
}

function windowProblems({ startsAt, endsAt, registrationOpensAt, registrationClosesAt }: ActivityPlan): Problem[] {
  const problems: Problem[] = [];
  if (endsAt <= startsAt) problems.push({ path: 'ends_at', problem: 'before_start' });
  else if (endsAt.getTime() - startsAt.getTime() > longestDays * dayMs)
    problems.push({ path: 'ends_at', problem: 'too_long' });
  const opens = registrationOpensAt ?? new Date(0);
  const closes = registrationClosesAt ?? endsAt;
  if (opens >= closes) problems.push({ path: 'registration_opens_at', problem: 'after_registration_closes' });
  if (closes > endsAt) problems.push({ path: 'registration_closes_at', problem: 'after_end' });
  return problems;
}

function wayProblems({ way, code, latitude, longitude, radiusM }: ActivityPlan): Problem[] {
  const problems: Problem[] = [];
  if (way === 'code' && code === null) problems.push({ path: 'code', problem: 'missing' });
  if (way !== 'code' && code !== null) problems.push({ path: 'code', problem: 'for_the_way_code_only' });
  for (const [path, value] of [
    ['latitude', latitude],
    ['longitude', longitude],
    ['radius_m', radiusM],
  ] as const) {
    if (way === 'geofence' && value === null) problems.push({ path, problem: 'missing' });
    if (way !== 'geofence' && value !== null) problems.push({ path, problem: 'for_the_way_geofence_only' });
  }
  return problems;
}

/** Where an activity may go from where it is. Cancelled is for ever. */
const transitions: Record<ActivityState, readonly ActivityState[]> = {
  draft: ['open', 'cancelled'],
  open: ['closed', 'cancelled'],
  closed: ['open', 'cancelled'],
  cancelled: [],
};

export function mayBecome(from: ActivityState, to: ActivityState): boolean {
  return transitions[from].includes(to);
}

/** So many may queue up for places; whoever comes later would hardly get one. */
export const waitingAtMost = 10_000;

export interface JoinSituation {
  readonly plan: ActivityPlan;
  readonly state: ActivityState;
  readonly joined: number;
  readonly waiting: number;
  readonly waitlist: boolean;
  readonly now: Date;
}

export type JoinDecision = 'joined' | 'waiting' | 'not_open' | 'registration_closed' | 'full';

/** What comes of the wish to take part. */
export function decideJoin({ plan, state, joined, waiting, waitlist, now }: JoinSituation): JoinDecision {
  if (state !== 'open') return 'not_open';
  if (plan.registrationOpensAt && now < plan.registrationOpensAt) return 'registration_closed';
  if (now >= (plan.registrationClosesAt ?? plan.endsAt)) return 'registration_closed';
  if (joined < plan.capacity) return 'joined';
  return waitlist && waiting < waitingAtMost ? 'waiting' : 'full';
}

/** Whether members can show now that they take part. */
export function isRunning({ startsAt, endsAt }: ActivityPlan, now: Date): boolean {
  return now >= startsAt && now < endsAt;
}

/** Whether an admin can say now who took part: from the start on, and some time after the end. */
export function isDecidable({ startsAt, endsAt }: ActivityPlan, now: Date): boolean {
  return now >= startsAt && now.getTime() < endsAt.getTime() + decidedAfterEndDaysAtMost * dayMs;
}

export const codeTriesAtMost = 5;
const triesKeptMs = 15 * 60_000;

export interface CodeTries {
  readonly wrong: number;
  /** Until when the wrong tries count. */
  readonly until: Date | null;
}

export type CodeVerdict =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong'; readonly tries: CodeTries; readonly triesLeft: number }
  | { readonly kind: 'locked_out'; readonly until: Date };

/** Compares a typed code as people type; five wrong ones in a quarter of an hour are enough. */
export function judgeCode(expected: string, typed: string, tries: CodeTries, now: Date): CodeVerdict {
  const counted = tries.until && now < tries.until ? tries : { wrong: 0, until: null };
  if (counted.until && counted.wrong >= codeTriesAtMost) return { kind: 'locked_out', until: counted.until };
  if (normaliseActivityCode(typed) === expected) return { kind: 'right' };
  const wrong = counted.wrong + 1;
  const until = counted.until ?? new Date(now.getTime() + triesKeptMs);
  return { kind: 'wrong', tries: { wrong, until }, triesLeft: codeTriesAtMost - wrong };
}

/** Without what people put between the letters, in plain capitals, however wide a keyboard writes them. */
export function normaliseActivityCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[\s\-–—_.]/g, '')
    .toUpperCase();
}
