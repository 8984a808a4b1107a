import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './crash/consistency.checker.js';
import { runCrashPlan, startCrashPlatform, type CrashReport } from './crash/crash.run.js';
import { crashSettings } from './crash/crash.settings.js';
import { startCrashedEngines } from './crash/fault.injector.js';
import { collectFacts } from './crash/platform.facts.js';
import { realStores } from './crash/stores.js';
import { tamperWithStores } from './crash/store.tampering.js';
import { hasRealEngines, reportLogsOnFailure, type RealPlatform } from './platform/index.js';

const { seed, ...size } = crashSettings;
const runTimeoutMs = 900_000;

/** To standard error, so that it is seen whatever reporter runs. */
function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

describe.runIf(hasRealEngines)(`the books while everything is killed, CRASH_SEED=${seed}`, () => {
  let platform: RealPlatform;
  let report: CrashReport | undefined;
  beforeAll(async () => void (platform = await startCrashPlatform()));
  afterAll(async () => {
    await startCrashedEngines();
    await platform.stop();
  });
  reportLogsOnFailure(() => platform);

  it(
    'keeps every accepted check-in, makeup, purchase, cancellation and place once, everywhere',
    async () => {
      tell(`crash test: CRASH_SEED=${seed}`);
      report = await runCrashPlan(platform, seed, size);
      tell(`${report.history.join('\n')}\n${JSON.stringify(report.summary)}`);
      expect(report.violations).toEqual([]);
      expect(report.summary['kills']).toBeGreaterThanOrEqual(10);
    },
    runTimeoutMs,
  );

  it('would have seen it: the same checks find what is now damaged by hand in each store', async () => {
    if (!report) return expect.fail('the run did not reach its end');
    const damages = await tamperWithStores(platform);
    const violations = findViolations(report.expected, await collectFacts(realStores(platform)));
    for (const { what, sign } of damages) {
      expect(
        violations.some((violation) => sign.test(violation)),
        `${what}\n${violations.join('\n')}`,
      ).toBe(true);
    }
  });
});
