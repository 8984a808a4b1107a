import { describe, expect, it } from 'vitest';
import { headersOf, maxHeaders, valuesOf } from './raw-headers.rules.js';

const read = (source: string) => headersOf(Buffer.from(source));

describe('headersOf', () => {
  it('unfolds fields and keeps their order', () => {
    const headers = read('A: 1\r\nB:2\r\n\t 3 \r\na: привет\r\n\r\nC: body');
    expect(headers).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: '2 3' },
      { name: 'a', value: 'привет' },
    ]);
    expect(valuesOf(headers ?? [], 'a')).toEqual(['1', 'привет']);
  });

  it('reads bare line feeds too', () => {
    expect(read('A: 1\nB: 2\n\nbody')).toHaveLength(2);
  });

  it.each([
    ['nothing', ''],
    ['no end', 'A: 1\r\n'],
    ['an empty first line', '\r\nA: 1\r\n\r\n'],
    ['a bare carriage return', 'A: 1\rB: 2\r\n\r\n'],
    ['a NUL', 'A: 1\0\r\n\r\n'],
    ['a blank before the colon', 'A : 1\r\n\r\n'],
    ['no colon', 'A: 1\r\nhello\r\n\r\n'],
    ['a first line that continues nothing', ' A: 1\r\n\r\n'],
    ['an odd blank at the line start', 'A: 1\r\n\u000bB: 2\r\n\r\n'],
    ['too many fields', `${'A: 1\r\n'.repeat(maxHeaders + 1)}\r\n`],
    ['too long a header', `A: ${'x'.repeat(300_000)}\r\n\r\n`],
  ])('refuses %s', (_what, source) => {
    expect(read(source)).toBeNull();
  });
});
