import { machineFacts, type MachineFacts } from '../machine/machine.facts.js';
import { BenchPlace, type EngineAddresses } from '../platform/bench.place.js';
import { PointsPlace } from './points.place.js';

/** What a mode of the points service needs, and what it gives back. */
export interface PointsBench<Result> {
  measure(place: PointsPlace, machine: MachineFacts): Promise<Result>;
  /** Writes the result down; returns whether what is promised came out. */
  report(result: Result): boolean;
}

/** Runs one mode on places of its own, and takes them away again whatever happens. Returns the exit code. */
export async function runPointsBench<Result>(
  engines: EngineAddresses,
  root: string,
  bench: PointsBench<Result>,
): Promise<number> {
  const place = new BenchPlace(engines, root);
  const points = new PointsPlace(place, root);
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopping ??= points.stop().then(() => place.remove()));
  process.once('SIGINT', () => void stop().finally(() => process.exit(130)));
  try {
    const machine = await machineFacts(engines);
    await place.create();
    return bench.report(await bench.measure(points, machine)) ? 0 : 1;
  } finally {
    await stop();
  }
}
