import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { reservePorts } from './reserved.ports.js';

describe('reserved ports', () => {
  it('are different, free, and given to nobody else', async () => {
    const [mine, others] = await Promise.all([reservePorts(50), reservePorts(50)]);
    expect(new Set([...mine, ...others]).size).toBe(100);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(mine[0], '127.0.0.1', resolve);
    });
    await new Promise((resolve) => server.close(resolve));
  });
});
