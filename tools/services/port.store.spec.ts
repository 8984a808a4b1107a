import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { reservePort } from '#testing/reserved.ports';
import { portNames, type Ports } from './engine.types.js';
import { chooseFreePort, completePorts, highestPort, isPortFree, lowestPort } from './port.store.js';

async function whileListening<Result>(work: (port: number) => Promise<Result>): Promise<Result> {
  const server = createServer();
  const port = await reservePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    return await work(port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('ports of the engines', () => {
  it('tells a taken port from a free one', async () => {
    const port = await whileListening(async (taken) => {
      expect(await isPortFree(taken)).toBe(false);
      return taken;
    });
    expect(await isPortFree(port)).toBe(true);
  });

  it('chooses different ports below the range of outgoing connections', async () => {
    const ports = Object.values(await completePorts({}));
    expect(ports).toHaveLength(portNames.length);
    expect(new Set(ports).size).toBe(portNames.length);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(lowestPort);
    expect(Math.max(...ports)).toBeLessThan(highestPort);
    expect(highestPort).toBeLessThanOrEqual(32_768);
  });

  it('keeps remembered ports and renews only those that are asked for', async () => {
    const first = await completePorts({});
    expect(await completePorts(first)).toEqual(first);
    const { redis, ...others } = await completePorts(first, ['redis']);
    expect(redis).not.toBe(first.redis);
    expect(others).toEqual(Object.fromEntries(Object.entries(first).filter(([name]) => name !== 'redis')));
  });

  it('completes a file that an older checkout has written', async () => {
    const known: Partial<Ports> = { mysql: 20_001 };
    const ports = await completePorts(known);
    expect(ports.mysql).toBe(20_001);
    expect(Object.keys(ports).sort()).toEqual([...portNames].sort());
  });

  it('gives up when every port is taken', async () => {
    const taken = new Set([lowestPort]);
    await expect(chooseFreePort(taken, () => 0)).rejects.toThrow('No free port');
  });
});
