import { eventually } from '#testing';
import { startRealPlatform, type RealPlatform } from '../platform/index.js';
import { findBacklog, findViolations } from './consistency.checker.js';
import { planCrashRun, replicas, type CrashPlan, type PlanSize } from './crash.plan.js';
import { DuplicatePublisher } from './duplicate.publisher.js';
import { ExpectedLedger } from './expected.ledger.js';
import type { ExpectedBooks } from './expected.types.js';
import { FaultInjector } from './fault.injector.js';
import { prepareOffers } from './offers.preparer.js';
import { signInAdmin, signInParticipants } from './participants.js';
import { PatientCaller } from './patient.caller.js';
import { collectBacklog, collectFacts } from './platform.facts.js';
import { realStores, type Stores } from './stores.js';
import { SimulatedCalendar } from './simulated.calendar.js';
import { WorkloadRunner } from './workload.runner.js';

/** After the last repair everything must have arrived within this time: twice what Telegram's pace took for the fastest load seen. */
const drainTimeoutMs = 180_000;
const violationsShown = 40;

export interface CrashReport {
  readonly summary: Record<string, number>;
  /** What happened when. */
  readonly history: readonly string[];
  /** What was wrong; empty is the aim. */
  readonly violations: readonly string[];
  readonly expected: ExpectedBooks;
}

/** Starts the platform as the plans want it: two `points`, two `gateway`, a Telegram that takes messages as fast as they come. */
export function startCrashPlatform(): Promise<RealPlatform> {
  return startRealPlatform({
    replicas,
    emulator: { limits: { overallPerSecond: 100_000, chatBurst: 1_000 } },
    environment: { TELEGRAM_MESSAGES_PER_SECOND: '500', LOG_LEVEL: 'warn' },
  });
}

/** Carries out the run of a seed: load, faults and duplicates together, then healing, then the checks. */
export async function runCrashPlan(platform: RealPlatform, seed: number, size: PlanSize): Promise<CrashReport> {
  const plan = planCrashRun(seed, size);
  const calendar = new SimulatedCalendar();
  await platform.clockOffset(calendar.offsetMs(0));
  const authDate = Math.floor(calendar.noonOf(0).getTime() / 1000);
  const participants = await signInParticipants(platform, plan.memberCount, authDate);
  const admin = await signInAdmin(platform, authDate);
  const days = { first: calendar.noonOf(0), last: calendar.noonOf(size.dayCount - 1) };
  const offers = await prepareOffers(admin.client, { memberCount: plan.memberCount, days });
  const ledger = new ExpectedLedger([admin.userId, ...participants.map(({ userId }) => userId)], offers);
  const caller = new PatientCaller(platform.gatewayUrls);
  const injector = new FaultInjector(platform, plan);
  const duplicates = new DuplicatePublisher(platform.places.rabbit.url(), seed);
  const onProgress = (wishes: number): void => injector.progress(wishes);
  const workload = new WorkloadRunner({ platform, plan, calendar, participants, caller, ledger, offers, onProgress });
  duplicates.start();
  const loadMs = await timed(() => workload.run());
  const healMs = await timed(() => injector.healed());
  await duplicates.stop();
  const stores = realStores(platform);
  const drain = await drained(stores);
  const violations = [
    ...workload.violations,
    ...drain.violations,
    ...findViolations(ledger.books(), await collectFacts(stores)),
    ...injector.problems,
    ...platform.failures,
  ];
  return {
    summary: {
      ...summaryOf(plan),
      ...workload.counts,
      ...caller.counts,
      ...injector.counts,
      event_copies: duplicates.counts.events,
      request_copies: duplicates.counts.requests,
      load_ms: loadMs,
      heal_ms: healMs,
      drain_ms: drain.tookMs,
      violations: violations.length,
    },
    history: injector.history,
    violations: violations.slice(0, violationsShown),
    expected: ledger.books(),
  };
}

function summaryOf({ seed, memberCount, days, faults }: CrashPlan): Record<string, number> {
  return { seed, members: memberCount, days: days.length, faults: faults.length };
}

/** Waits until nothing is on its way any more. */
export async function drained(stores: Stores): Promise<{ tookMs: number; violations: string[] }> {
  let violations: string[] = [];
  const tookMs = await timed(async () => {
    const noBacklog = async (): Promise<void> => {
      violations = findBacklog(await collectBacklog(stores));
      if (violations.length > 0) throw new Error('something is still on its way');
    };
    await eventually(noBacklog, { timeoutMs: drainTimeoutMs, intervalMs: 500 }).catch((error: unknown) => {
      if (violations.length === 0) violations = [`backlog: ${String(error)}`];
    });
  });
  return { tookMs, violations };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return Math.round(performance.now() - startedAt);
}
