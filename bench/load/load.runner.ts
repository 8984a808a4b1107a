import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ClosedLoopResult } from './closed.loop.js';
import type { LoadPlan } from './load.plan.js';
import type { OpenLoopResult } from './open.loop.js';

export interface LoadFacts {
  /** The first few answers that were no success. */
  readonly complaints: readonly string[];
  readonly checkIns: number;
  /** Cores that the generator itself took. */
  readonly generatorCores: number;
}

export type PacedLoad = OpenLoopResult & LoadFacts;
export type PeakLoad = ClosedLoopResult & LoadFacts;

/** Runs one plan in a process of its own. */
export function runPaced(plan: LoadPlan & { ratePerSecond: number }, secret: string): Promise<PacedLoad> {
  return runLoad<PacedLoad>(plan, secret);
}

export function runPeak(plan: LoadPlan, secret: string): Promise<PeakLoad> {
  return runLoad<PeakLoad>(plan, secret);
}

function runLoad<Result>(plan: LoadPlan, secret: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./load.process.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, AUTH_SECRET: secret },
    });
    child.once('message', ({ result, error }: { result?: Result; error?: string }) => {
      if (result) resolve(result);
      else reject(new Error(`the load generator failed: ${error}`));
    });
    child.once('exit', (code) => reject(new Error(`the load generator ended with ${code}`)));
    child.send(plan);
  });
}
