import { describe, expect, it } from 'vitest';
import { LaneWorker } from './lane.worker.js';

interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

function gate(): Gate {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

describe('lanes', () => {
  it('keep the order within a lane and do not wait for another', async () => {
    const lanes = new LaneWorker();
    const done: string[] = [];
    const first = gate();
    const works = [
      lanes.run('a', async () => {
        await first.passed;
        done.push('a1');
      }),
      lanes.run('a', async () => void done.push('a2')),
      lanes.run('b', async () => void done.push('b1')),
    ];
    await works[2];
    expect(done).toEqual(['b1']);
    first.open();
    await lanes.drain();
    expect(done).toEqual(['b1', 'a1', 'a2']);
  });

  it('go on after a failure, which only its caller sees', async () => {
    const lanes = new LaneWorker();
    const failed = lanes.run('a', () => Promise.reject(new Error('no')));
    const next = lanes.run('a', () => Promise.resolve());
    await expect(failed).rejects.toThrow('no');
    await next;
    await lanes.drain();
  });

  it('run 32 at a time and take no more than a thousand', async () => {
    const lanes = new LaneWorker();
    const hold = gate();
    let running = 0;
    let most = 0;
    const task = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await hold.passed;
      running -= 1;
    };
    const works = Array.from({ length: 1_001 }, (_, index) => lanes.run(String(index), task));
    expect(works.filter((work) => work === undefined)).toHaveLength(1);
    hold.open();
    await lanes.drain();
    expect([most, running]).toEqual([32, 0]);
    expect(lanes.run('a', async () => undefined)).toBeDefined();
  });
});
