import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';

describe('eventually', () => {
  it('returns the value of the first try that does not throw', async () => {
    let tries = 0;
    const value = await eventually(
      () => {
        tries += 1;
        expect(tries).toBe(3);
        return tries;
      },
      { intervalMs: 1 },
    );
    expect(value).toBe(3);
  });

  it('throws the last error when time is up', async () => {
    const never = eventually(() => expect('a').toBe('b'), { timeoutMs: 20, intervalMs: 1 });
    await expect(never).rejects.toThrow(/expected 'a' to be 'b'.*still so after \d+ tries in 20 ms/s);
  });

  it('does not wait for ever for a try that hangs', async () => {
    await expect(eventually(() => new Promise(() => undefined), { timeoutMs: 20 })).rejects.toThrow('did not settle');
  });
});
