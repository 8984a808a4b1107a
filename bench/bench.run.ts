import { peakConnections, rawDatabaseConnections, targets, type BenchPlan } from './bench.plan.js';
import { median, type BenchResult, type CheckInPeak, type MixedFigure, type PeakFigure } from './bench.result.js';
import { mixedPattern, type LoadPlan, type RequestKind } from './load/load.plan.js';
import { runPaced, runPeak, type PeakLoad } from './load/load.runner.js';
import { machineFacts } from './machine/machine.facts.js';
import { ProcessorUsage, type CoresByName } from './machine/processor.usage.js';
import { checkBooks } from './platform/books.check.js';
import type { BenchPlace, EngineAddresses } from './platform/bench.place.js';
import type { BenchPlatform } from './platform/bench.platform.js';
import { FlowWatcher } from './platform/flow.watcher.js';
import { communityDay } from './platform/user.seeder.js';
import { copyTablesForRaw, RawReads, runRawCheckIns } from './raw/raw.runner.js';

type Say = (line: string) => void;
interface Round {
  readonly load: PeakLoad;
  readonly cores: CoresByName;
}

interface RawRound {
  readonly perSecond: number;
  readonly cores: CoresByName;
}

/** The measurements of one run, in order; needs a platform that is up and seeded. */
export class BenchRun {
  private readonly usage: ProcessorUsage;
  private raw: RawReads | null = null;
  /** Members whose check-in of today was tried: the next ones are fresh. */
  private used = 0;
  private accepted = 0;
  /** Members whose raw check-in of today was made. */
  private nextRawUser = 1;
  private seed = 1;

  constructor(
    private readonly plan: BenchPlan,
    private readonly place: BenchPlace,
    private readonly platform: BenchPlatform,
    private readonly root: string,
    servicesDirectory: string,
    private readonly say: Say,
  ) {
    this.usage = new ProcessorUsage(() => {
      const own = platform.processes.map(({ pid, name }): [number, string] => [pid, name]);
      return new Map([...own, ...(this.raw?.names ?? [])]);
    }, servicesDirectory);
  }

  async run(engines: EngineAddresses): Promise<BenchResult> {
    const machine = await machineFacts(engines);
    const watcher = await FlowWatcher.open(this.place, this.platform);
    try {
      // Before anybody has checked in today.
      await copyTablesForRaw(this.place);
      const { rawReads, reads } = await this.measureReads();
      const mixed = await this.measureMixed(watcher);
      const { rawCheckIns, checkIns } = await this.measureCheckIns(watcher);
      const books = await checkBooks(this.place, this.accepted);
      const ended = this.platform.ended();
      const at = new Date().toISOString();
      return { at, plan: this.plan, machine, rawReads, reads, rawCheckIns, checkIns, mixed, books, ended };
    } finally {
      await watcher.close();
    }
  }

  /** Raw and ours by turns, so that both see the same machine. */
  private async measureReads(): Promise<{ rawReads: PeakFigure; reads: PeakFigure }> {
    const { rounds, warmUpSeconds, readSeconds } = this.plan;
    const raw = await RawReads.start(this.place, this.root);
    this.raw = raw;
    await this.peak('raw', warmUpSeconds, raw.port);
    await this.peak('balance', warmUpSeconds);
    const ours: Round[] = [];
    const theirs: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      theirs.push(await this.peak('raw', readSeconds, raw.port));
      ours.push(await this.peak('balance', readSeconds));
      this.say(`reads: raw ${theirs.at(-1)?.load.perSecond}/s, ours ${ours.at(-1)?.load.perSecond}/s`);
    }
    this.raw = null;
    await raw.stop();
    return { rawReads: figureOf(theirs), reads: figureOf(ours) };
  }

  /** Raw and ours by turns; the next raw round begins when everything that ours has caused is done. */
  private async measureCheckIns(watcher: FlowWatcher): Promise<{ rawCheckIns: PeakFigure; checkIns: CheckInPeak }> {
    await this.rawCheckIns(this.plan.warmUpSeconds);
    const theirs: RawRound[] = [];
    const ours: Round[] = [];
    const drainSeconds: number[] = [];
    for (let round = 0; round < this.plan.rounds; round += 1) {
      theirs.push(await this.rawCheckIns(this.plan.checkInSeconds));
      ours.push(await this.peak('check_in', this.plan.checkInSeconds));
      drainSeconds.push(await watcher.drain(this.accepted));
      const { perSecond } = ours.at(-1)?.load ?? { perSecond: 0 };
      this.say(
        `check-ins: raw ${theirs.at(-1)?.perSecond}/s, ours ${perSecond}/s, drained in ${drainSeconds.at(-1)} s`,
      );
    }
    const rates = theirs.map(({ perSecond }) => perSecond);
    const cores = theirs.at(-1)?.cores ?? {};
    const rawCheckIns = { perSecond: median(rates), rounds: rates, p50: 0, p99: 0, errors: 0, complaints: [], cores };
    return { rawCheckIns, checkIns: { ...figureOf(ours), drainSeconds } };
  }

  private async rawCheckIns(seconds: number): Promise<RawRound> {
    const plan = { day: communityDay(0), connections: rawDatabaseConnections, seconds, firstUser: this.nextRawUser };
    this.usage.begin();
    const { perSecond, cores, checkIns } = await runRawCheckIns(this.place, plan);
    this.nextRawUser += checkIns;
    return { perSecond, cores: withProcess(this.usage.end(), 'raw.check-in', cores) };
  }

  private async measureMixed(watcher: FlowWatcher): Promise<MixedFigure> {
    const { mixedWarmUpSeconds, mixedSeconds } = this.plan;
    await this.paced(mixedWarmUpSeconds);
    this.usage.begin();
    watcher.start();
    const load = await this.paced(mixedSeconds);
    const flow = watcher.stop();
    const cores = withProcess(this.usage.end(), 'generator', load.generatorCores);
    const drainSeconds = await watcher.drain(this.accepted);
    this.say(`mixed: p99 ${load.latency.p99} ms, ${load.errors} errors, drained in ${drainSeconds} s`);
    return { load, flow, drainSeconds, pendingDeliveries: await watcher.pendingDeliveries(), cores };
  }

  private async paced(seconds: number): ReturnType<typeof runPaced> {
    const plan = { ...this.loadPlan(mixedPattern, seconds), ratePerSecond: targets.ratePerSecond };
    const load = await runPaced(plan, this.platform.secret);
    this.count(load.checkIns, load.byKind['check_in']?.count ?? 0, load.errors);
    return load;
  }

  private async peak(kind: RequestKind, seconds: number, port?: number): Promise<Round> {
    this.usage.begin();
    const load = await runPeak(this.loadPlan([kind], seconds, port), this.platform.secret);
    const cores = withProcess(this.usage.end(), 'generator', load.generatorCores);
    this.count(load.checkIns, kind === 'check_in' ? load.answered : 0, load.errors);
    return { load, cores };
  }

  private count(used: number, answered: number, errors: number): void {
    this.used += used;
    // An error of a read is an error of the run anyway; the books then tell which check-ins exist.
    this.accepted += answered > 0 ? answered - errors : 0;
  }

  private loadPlan(pattern: readonly RequestKind[], seconds: number, port = this.platform.port): LoadPlan {
    const firstFreshUser = 1 + this.used;
    return {
      host: '127.0.0.1',
      port,
      connections: peakConnections,
      seconds,
      pattern,
      readers: this.plan.readers,
      firstFreshUser,
      freshUsers: this.plan.users - this.used,
      seed: this.seed++,
    };
  }
}

/** A process that ends with its round has measured itself; in the usage of the machine it was one of the others. */
function withProcess(cores: CoresByName, name: string, used: number): CoresByName {
  return { ...cores, [name]: used, others: Math.max(0, Math.round(((cores['others'] ?? 0) - used) * 100) / 100) };
}

function figureOf(rounds: readonly Round[]): PeakFigure {
  const figures = rounds.map(({ load }) => load.perSecond);
  return {
    perSecond: median(figures),
    rounds: figures,
    p50: median(rounds.map(({ load }) => load.latency.p50)),
    p99: median(rounds.map(({ load }) => load.latency.p99)),
    errors: rounds.reduce((sum, { load }) => sum + load.errors, 0),
    complaints: rounds.flatMap(({ load }) => load.complaints).slice(0, 5),
    cores: rounds.at(-1)?.cores ?? {},
  };
}
