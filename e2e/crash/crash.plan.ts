import type { EngineName } from '../../tools/services/index.js';
import type { ServiceName } from '../platform/index.js';
import { RandomSource } from './random.source.js';

/** How a command is sent. */
export interface Manner {
  /** Which gateway is asked first. */
  readonly gateway: number;
  /** Sent twice at the same time under the same key. */
  readonly twin: boolean;
  /** Afterwards the same is tried under another key: it must be refused. */
  readonly thenAgain: boolean;
  /** Afterwards the same key is sent once more: it must get the same answer. */
  readonly thenRepeat: boolean;
}

/** Something else that a member wants of a visit. */
export interface PlannedAct extends Manner {
  readonly kind: (typeof actKinds)[number];
  /** Which of the items or activities. */
  readonly choice: number;
}

/** One member's visit on one day: a check-in, what else is wanted after it, and what else is done with it. */
export interface Wish extends Manner {
  readonly member: number;
  readonly day: number;
  /** One after the other, so that the member's balance is known at each. */
  readonly acts: readonly PlannedAct[];
  /** Before it, the keys of this earlier day are sent once more: they must get that day's answers. */
  readonly repeatDay: number | null;
}

export type FaultAction =
  | { readonly kind: 'kill'; readonly service: ServiceName; readonly replicas: readonly number[] }
  | {
      readonly kind: 'engine';
      readonly engine: EngineName;
      readonly signal: NodeJS.Signals;
      /** It stands still for so long first: what is sent to it meanwhile dies with it. */
      readonly frozenMs?: number;
    }
  | { readonly kind: 'flush-redis' };

export interface Fault {
  /** It happens when so many wishes are fulfilled. */
  readonly atWishes: number;
  /** So long nothing is started again. */
  readonly downMs: number;
  readonly action: FaultAction;
}

export interface CrashPlan {
  readonly seed: number;
  readonly memberCount: number;
  readonly days: readonly (readonly Wish[])[];
  readonly faults: readonly Fault[];
}

export interface PlanSize {
  readonly memberCount: number;
  readonly dayCount: number;
}

/** Replicas that the plan counts on. */
export const replicas = { points: 2, gateway: 2 } as const;

const shareOfFaithful = 0.35;
const chanceOfOthers = 0.3;
const chances = { twin: 0.1, thenAgain: 0.03, thenRepeat: 0.05, repeatDay: 0.02 };
/** Of a visit with each; some three commands come of it for ten check-ins. */
const actKinds = ['makeup', 'purchase', 'activity', 'reservation'] as const;
const chancesOfActs = { makeup: 0.12, purchase: 0.12, activity: 0.14, reservation: 0.14 };
/** Which of two items or activities: the first has enough for everybody, of the second there are too few. */
export const choices = 2;
const downMs = { least: 100, most: 1_500 };

const kill = (service: ServiceName, ...replicaNumbers: number[]): FaultAction => ({
  kind: 'kill',
  service,
  replicas: replicaNumbers,
});

/** Every service dies at least twice, the doubled ones once altogether; every engine at least once. */
const actions: readonly FaultAction[] = [
  kill('points', 0),
  kill('points', 1),
  kill('points', 0),
  kill('points', 1),
  kill('points', 0, 1),
  kill('gateway', 0),
  kill('gateway', 1),
  kill('gateway', 0),
  kill('user', 0),
  kill('user', 0),
  kill('notification', 0),
  kill('notification', 0),
  kill('entitlement', 0),
  { kind: 'engine', engine: 'rabbitmq', signal: 'SIGKILL', frozenMs: 700 },
  { kind: 'engine', engine: 'rabbitmq', signal: 'SIGTERM' },
  { kind: 'engine', engine: 'mariadb', signal: 'SIGKILL', frozenMs: 700 },
  { kind: 'engine', engine: 'mariadb', signal: 'SIGKILL' },
  { kind: 'engine', engine: 'mariadb', signal: 'SIGTERM' },
  { kind: 'engine', engine: 'redis', signal: 'SIGKILL' },
  { kind: 'engine', engine: 'mongodb', signal: 'SIGKILL' },
  { kind: 'flush-redis' },
];

/** Everything that the run decides, from the seed alone. */
export function planCrashRun(seed: number, { memberCount, dayCount }: PlanSize): CrashPlan {
  const random = new RandomSource(seed);
  const days = planDays(random, memberCount, dayCount);
  const wishCount = days.reduce((sum, wishes) => sum + wishes.length, 0);
  return { seed, memberCount, days, faults: planFaults(random, wishCount) };
}

function planDays(random: RandomSource, memberCount: number, dayCount: number): Wish[][] {
  const faithful = Array.from({ length: memberCount }, () => random.chance(shareOfFaithful));
  const lastDays = new Map<number, number>();
  return Array.from({ length: dayCount }, (_, day) => {
    const wishes: Wish[] = [];
    for (const [member, comesDaily] of faithful.entries()) {
      if (!comesDaily && !random.chance(chanceOfOthers)) continue;
      wishes.push({
        member,
        day,
        ...planManner(random),
        acts: planActs(random),
        repeatDay: random.chance(chances.repeatDay) ? (lastDays.get(member) ?? null) : null,
      });
      lastDays.set(member, day);
    }
    return random.shuffle(wishes);
  });
}

function planManner(random: RandomSource): Manner {
  return {
    gateway: random.between(0, replicas.gateway - 1),
    twin: random.chance(chances.twin),
    thenAgain: random.chance(chances.thenAgain),
    thenRepeat: random.chance(chances.thenRepeat),
  };
}

function planActs(random: RandomSource): PlannedAct[] {
  const wanted = actKinds.filter((kind) => random.chance(chancesOfActs[kind]));
  return random
    .shuffle(wanted)
    .map((kind) => ({ kind, choice: random.between(0, choices - 1), ...planManner(random) }));
}

/** All faults in an order of chance, spread evenly over the run with some jitter. */
function planFaults(random: RandomSource, wishCount: number): Fault[] {
  const order = random.shuffle(actions);
  return order.map((action, index) => ({
    action,
    atWishes: Math.floor((wishCount * (index + 0.2 + random.next() * 0.6)) / order.length),
    downMs: random.between(downMs.least, downMs.most),
  }));
}
