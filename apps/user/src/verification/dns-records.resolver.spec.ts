import { describe, expect, it } from 'vitest';
import { cachingResolver } from './dns-records.resolver.js';

const failure = (code: string) => Object.assign(new Error(code), { code });

describe('cachingResolver', () => {
  it('asks once while the answer is kept', async () => {
    let asked = 0;
    let time = 0;
    const resolver = cachingResolver(async () => [[`answer ${++asked}`]], { keepMs: 1_000, now: () => time });
    expect(await resolver('a.example', 'TXT')).toEqual([['answer 1']]);
    expect(await resolver('A.example', 'TXT')).toEqual([['answer 1']]);
    time = 1_000;
    expect(await resolver('a.example', 'TXT')).toEqual([['answer 2']]);
  });

  it('keeps a firm no, but not a failure of the network', async () => {
    const codes = ['ENOTFOUND', 'ESERVFAIL', 'ETIMEOUT'];
    let asked = 0;
    const resolver = cachingResolver(async (name) => {
      asked += 1;
      throw failure(codes.find((code) => name.startsWith(code.toLowerCase())) ?? '');
    });
    for (const code of codes) {
      await expect(resolver(`${code.toLowerCase()}.example`, 'TXT')).rejects.toMatchObject({ code });
      await expect(resolver(`${code.toLowerCase()}.example`, 'TXT')).rejects.toMatchObject({ code });
    }
    expect(asked).toBe(1 + 2 + 2);
  });

  it('is bounded', async () => {
    const asked: string[] = [];
    const resolver = cachingResolver(
      async (name) => {
        asked.push(name);
        return [[name]];
      },
      { maxEntries: 2 },
    );
    for (const name of ['a', 'b', 'c', 'a']) await resolver(name, 'TXT');
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });
});
