import { describe, expect, it } from 'vitest';
import { idsIn, letterBundles, lettersAtMost, lettersIn, OutTray, type Letter } from './request.bundle.js';

const letter = (id: string, body: unknown = { id }): Letter => ({ id, text: JSON.stringify(body) });

describe('bundles of requests', () => {
  it.each([1, 2, lettersAtMost])('come back as they went, %i in one message', (count) => {
    const letters = Array.from({ length: count }, (_, index) => letter(index.toString(36)));
    const [bundle, ...more] = letterBundles(letters);
    expect(more).toEqual([]);
    expect(idsIn(bundle?.correlationId)).toEqual(letters.map(({ id }) => id));
    expect(lettersIn(bundle?.content as Buffer, count)).toEqual(letters.map(({ text }) => JSON.parse(text) as unknown));
  });

  it('keep a single letter whose body is a list apart from a bundle', () => {
    const [bundle] = letterBundles([letter('a', [1, 2])]);
    expect(lettersIn(bundle?.content as Buffer, 1)).toEqual([[1, 2]]);
  });

  it('stay within the limits of count, size and the 255 bytes of the correlation id', () => {
    const counts = (letters: readonly Letter[]): number[] => letterBundles(letters).map(({ count }) => count);
    expect(counts(Array.from({ length: lettersAtMost + 1 }, () => letter('a')))).toEqual([lettersAtMost, 1]);
    expect(counts([letter('a', 'x'.repeat(100_000)), letter('b', 'x'.repeat(100_000))])).toEqual([1, 1]);
    expect(counts([letter('a', 'x'.repeat(300_000))])).toEqual([1]);
    const long = Array.from({ length: 12 }, (_, index) => letter(`${index}`.padStart(40, '0')));
    for (const { correlationId } of letterBundles(long)) expect(correlationId.length).toBeLessThan(256);
    expect(counts(long).reduce((sum, count) => sum + count, 0)).toBe(12);
  });

  it.each([
    ['no JSON', Buffer.from('{'), 1],
    ['fewer than announced', Buffer.from('[1]'), 2],
    ['one where several were announced', Buffer.from('{}'), 2],
  ])('refuse %s', (_name, content, count) => {
    expect(() => lettersIn(content, count)).toThrow();
  });

  it('have no ids where a stranger sent none', () => {
    expect([undefined, '', 7].map(idsIn)).toEqual([[], [], []]);
  });
});

describe('OutTray', () => {
  it('sends what one turn has put in, each address once and in order', async () => {
    const sent: [string, string[]][] = [];
    const tray = new OutTray<string>((address, letters) => sent.push([address, letters.map(({ id }) => id)]));
    tray.put('x', 'x', letter('1'));
    tray.put('y', 'y', letter('2'));
    tray.put('x', 'x', letter('3'));
    expect(sent).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual([
      ['x', ['1', '3']],
      ['y', ['2']],
    ]);
    tray.put('x', 'x', letter('4'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent.at(-1)).toEqual(['x', ['4']]);
  });
});
