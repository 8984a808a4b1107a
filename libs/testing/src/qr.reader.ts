import { decodeQR } from 'qr/decode.js';

/** A QR code as an `<svg>`: its box, and one path of the dark runs of each row. */
export interface QrPicture {
  readonly viewBox: string;
  readonly path: string;
}

/** What a camera reads of the picture when each module has so many pixels. @throws when it reads nothing. */
export function readQr({ viewBox, path }: QrPicture, scale: number): string {
  const size = Number(viewBox.split(' ').at(-1)) * scale;
  const data = new Uint8Array(size * size * 4).fill(255);
  for (const [, x = '', y = '', length = ''] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row += 1) {
      const from = (row * size + Number(x) * scale) * 4;
      for (let at = from; at < from + Number(length) * scale * 4; at += 4) data.fill(0, at, at + 3);
    }
  }
  return decodeQR({ width: size, height: size, data });
}
