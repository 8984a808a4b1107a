import type { EmbeddedPlatform } from '../platform/index.js';
import { findViolations } from './consistency.checker.js';
import { drained } from './crash.run.js';
import { planCrashRun, type PlanSize } from './crash.plan.js';
import { ExpectedLedger } from './expected.ledger.js';
import { prepareOffers } from './offers.preparer.js';
import { signInDevelopmentAdmin, signInForDevelopment } from './participants.js';
import { PatientCaller } from './patient.caller.js';
import { collectFacts } from './platform.facts.js';
import { SimulatedCalendar } from './simulated.calendar.js';
import { embeddedStores } from './stores.js';
import { WorkloadRunner } from './workload.runner.js';

export interface EmbeddedCrashReport {
  readonly summary: Record<string, number>;
  readonly violations: readonly string[];
}

/** Kills the one process of the embedded platform again and again under check-in load, then compares the books. */
export async function runEmbeddedCrash(
  platform: EmbeddedPlatform,
  seed: number,
  { kills, ...size }: PlanSize & { kills: number },
): Promise<EmbeddedCrashReport> {
  const plan = planCrashRun(seed, size);
  const wishCount = plan.days.reduce((sum, wishes) => sum + wishes.length, 0);
  const calendar = new SimulatedCalendar();
  await platform.clockOffset(calendar.offsetMs(0));
  const participants = await signInForDevelopment(platform, plan.memberCount);
  const admin = await signInDevelopmentAdmin(platform);
  const days = { first: calendar.noonOf(0), last: calendar.noonOf(size.dayCount - 1) };
  const offers = await prepareOffers(admin.client, { memberCount: plan.memberCount, days });
  const ledger = new ExpectedLedger([admin.userId, ...participants.map(({ userId }) => userId)], offers);
  const caller = new PatientCaller([platform.baseUrl]);
  let done = 0;
  let restarting: Promise<void> = Promise.resolve();
  const onProgress = (wishes: number): void => {
    if (done >= kills || wishes < (wishCount * (done + 1)) / (kills + 1)) return;
    done += 1;
    restarting = restarting.then(() => platform.restart('SIGKILL'));
    // Reported when it is waited for, below.
    restarting.catch(() => undefined);
  };
  const workload = new WorkloadRunner({ platform, plan, calendar, participants, caller, ledger, offers, onProgress });
  await workload.run();
  await restarting;
  const stores = embeddedStores(platform);
  const drain = await drained(stores);
  const violations = [
    ...workload.violations,
    ...drain.violations,
    ...findViolations(ledger.books(), await collectFacts(stores)),
  ];
  return { summary: { seed, kills: done, ...workload.counts, ...caller.counts, drain_ms: drain.tookMs }, violations };
}
