import { randomBytes } from 'node:crypto';

/** An address nobody has had before, also not in a run before. */
export function freshAddress(name: string): string {
  return `${name}.${randomBytes(4).toString('hex')}@example.org`;
}

/** A key nobody has used before. */
export function freshKey(): string {
  return randomBytes(12).toString('base64url');
}
