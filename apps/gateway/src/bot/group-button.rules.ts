import { createHmac, timingSafeEqual } from 'node:crypto';

const signatureLength = 8;
const pattern = /^g([0-9a-z]{1,11})\.([A-Za-z0-9_-]{8})\|(.+)$/s;

/** Data of a button in a group that is for one member: their id and a signature stand before it. */
export function signForMember(secret: string, userId: number, data: string): string {
  const owner = userId.toString(36);
  return `g${owner}.${signatureOf(secret, owner, data)}|${data}`;
}

export interface SignedPress {
  readonly userId: number;
  readonly data: string;
}

/** Whose button it is and what it holds; undefined for data that this bot did not make so. */
export function readSigned(secret: string, signed: string): SignedPress | undefined {
  const [, owner, signature, data] = pattern.exec(signed) ?? [];
  if (owner === undefined || signature === undefined || data === undefined) return undefined;
  const expected = Buffer.from(signatureOf(secret, owner, data));
  if (!timingSafeEqual(expected, Buffer.from(signature))) return undefined;
  return { userId: Number.parseInt(owner, 36), data };
}

function signatureOf(secret: string, owner: string, data: string): string {
  return createHmac('sha256', secret).update(`button\n${owner}\n${data}`).digest('base64url').slice(0, signatureLength);
}
