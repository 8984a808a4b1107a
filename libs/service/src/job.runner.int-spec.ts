import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Database } from '#database';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { JobRunner, Metrics, systemClock, systemLogger, type Job } from './index.js';

const logger = systemLogger('user', 'silent');

onEachDatabase('the jobs of a service', (engine) => {
  let database: Database;
  const runners: JobRunner[] = [];
  beforeAll(async () => {
    database = await Database.open({ ...engine.place, service: 'jobs', entities: [], migrations: [] });
  });
  afterEach(() => Promise.all(runners.splice(0).map((runner) => runner.beforeApplicationShutdown())));
  afterAll(() => database.close());

  function replica(job: Partial<Job> & Pick<Job, 'name' | 'round'>): { runner: JobRunner; metrics: Metrics } {
    const metrics = new Metrics('user', { runtime: false });
    const runner = new JobRunner({ database, clock: systemClock, logger, metrics });
    runner.add({ everyMs: 5, lock: 'kept', complaint: 'it failed', ...job });
    runners.push(runner);
    return { runner, metrics };
  }
  const counted = async ({ metrics }: { metrics: Metrics }, outcome: string): Promise<number> => {
    const { values } = await metrics.registry.getSingleMetric('coser_job_rounds_total')!.get();
    return values.find(({ labels }) => labels['outcome'] === outcome)?.value ?? Number.NaN;
  };

  it.each(['kept', 'each'] as const)('run in one replica at a time, the lock being %s', async (lock) => {
    let inside = 0;
    let most = 0;
    const round = async (): Promise<void> => {
      most = Math.max(most, (inside += 1));
      await database.ping();
      inside -= 1;
    };
    const both = [replica({ name: `one-${lock}`, lock, round }), replica({ name: `one-${lock}`, lock, round })];
    for (const { runner } of both) runner.onApplicationBootstrap();
    const done = async (): Promise<number[]> => Promise.all(both.map((one) => counted(one, 'done')));
    await eventually(async () => expect(Math.max(...(await done()))).toBeGreaterThan(5));
    expect(most).toBe(1);
    // Whoever holds the lock leaves it to the other when it stops.
    const [first = 0, second = 0] = await done();
    const worker = first >= second ? 0 : 1;
    const before = (await done())[1 - worker] ?? 0;
    await both[worker]?.runner.beforeApplicationShutdown();
    await eventually(async () => expect((await done())[1 - worker]).toBeGreaterThan(before));
    expect(most).toBe(1);
  });

  it('go on after a failure, and count it', async () => {
    let rounds = 0;
    const one = replica({
      name: 'failing',
      lock: 'each',
      round: async () => {
        rounds += 1;
        if (rounds <= 2) throw new Error('not now');
      },
    });
    one.runner.onApplicationBootstrap();
    await eventually(async () => {
      expect(await counted(one, 'failed')).toBe(2);
      expect(await counted(one, 'done')).toBeGreaterThan(0);
    });
    const doneAt = await one.metrics.registry.getSingleMetric('coser_job_last_done_timestamp_seconds')!.get();
    expect(doneAt.values[0]?.value).toBeGreaterThan(1_700_000_000);
  });

  it('begin at the start where that is wanted, and end before the service does', async () => {
    const steps: string[] = [];
    let finish: () => void = () => undefined;
    const { runner } = replica({
      name: 'long',
      everyMs: 3_600_000,
      atStart: true,
      onStop: () => steps.push('told'),
      round: async (stopping) => {
        steps.push('began');
        await new Promise<void>((resolve) => (finish = resolve));
        steps.push(stopping.aborted ? 'ended early' : 'ended');
      },
    });
    runner.onApplicationBootstrap();
    await eventually(() => expect(steps).toEqual(['began']));
    const stopped = runner.beforeApplicationShutdown().then(() => steps.push('stopped'));
    await eventually(() => expect(steps).toEqual(['began', 'told']));
    finish();
    await stopped;
    expect(steps).toEqual(['began', 'told', 'ended early', 'stopped']);
  });

  it('refuse a second job of one name, and a lock without a database', () => {
    const { runner } = replica({ name: 'twin', round: async () => undefined });
    const job: Job = { name: 'twin', everyMs: 5, lock: 'kept', complaint: '', round: async () => undefined };
    expect(() => runner.add(job)).toThrow('two jobs named twin');
    const bare = new JobRunner({
      database: null,
      clock: systemClock,
      logger,
      metrics: new Metrics('user', { runtime: false }),
    });
    expect(() => bare.add(job)).toThrow('no database');
  });
});
