import { encodeQR } from 'qr';
import { describe, expect, it } from 'vitest';
import { readQr, type QrPicture } from '#testing/qr.reader';
import { readPage } from './page.source.js';

interface PictureCode {
  pictureOf(rows: readonly (readonly boolean[])[]): QrPicture;
}

const page = readPage('password-page');

async function codeOf(name: string): Promise<unknown> {
  const source = Buffer.from(page.get(name)?.content ?? '').toString('base64');
  return import(/* @vite-ignore */ `data:text/javascript;base64,${source}`);
}

describe('the picture of a second factor (U-13)', () => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const about = new URLSearchParams([
    ['issuer', 'Coser'],
    ['secret', letters],
    ['period', '30'],
  ]);
  const uri = (name: string): string => `otpauth://totp/Coser:${encodeURIComponent(name)}?${about.toString()}`;

  it.each(['a', 'head.admin', 'x'.repeat(64), '社区管理员'])('is read back as what was drawn, for %s', async (name) => {
    const { pictureOf } = (await codeOf('qr.picture.js')) as PictureCode;
    const served = (await codeOf('qr.js')) as { encodeQR: typeof encodeQR };
    const rows = served.encodeQR(uri(name), 'raw', { ecc: 'medium', border: 4 });
    expect(rows).toEqual(encodeQR(uri(name), 'raw', { ecc: 'medium', border: 4 }));
    const picture = pictureOf(rows);
    expect(picture.viewBox).toBe(`0 0 ${rows.length} ${rows.length}`);
    for (const scale of [3, 5]) expect(readQr(picture, scale)).toBe(uri(name));
  });

  it('has white around it, and nothing where nothing is dark', async () => {
    const { pictureOf } = (await codeOf('qr.picture.js')) as PictureCode;
    expect(
      pictureOf([
        [false, false],
        [false, true],
      ]),
    ).toEqual({ viewBox: '0 0 2 2', path: 'M1 1h1v1h-1z' });
    expect(pictureOf([[true, true, false, true]]).path).toBe('M0 0h2v1h-2zM3 0h1v1h-1z');
    expect(pictureOf([[false]]).path).toBe('');
  });
});
