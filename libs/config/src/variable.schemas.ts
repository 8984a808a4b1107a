import { z } from 'zod';

/** A text that must not be guessed or shown: at least `minLength` characters. Errors never show it. */
export function secret(minLength: number) {
  return z.string().min(minLength, `must have at least ${minLength} characters`);
}

/** A TCP port as a number; 0 lets the system choose a free one. */
export function port() {
  return z
    .string()
    .regex(/^[0-9]{1,5}$/, 'must be a port, 0 to 65535')
    .transform(Number)
    .refine((number) => number <= 65_535, 'must be a port, 0 to 65535');
}

/**
 * A URL with one of the protocols, named without the colon: `urlOf('redis', 'rediss')`. Stays a string. The URL of a MongoDB
 * replica set may name several hosts.
 */
export function urlOf(...protocols: readonly [string, ...string[]]) {
  return z
    .string()
    .refine(
      (text) => protocols.includes(protocolOf(text)),
      `must be a URL that starts with ${protocols.map((name) => `${name}://`).join(' or ')}`,
    );
}

function protocolOf(text: string): string {
  const firstHostOnly = text.replace(/^(mongodb:\/\/(?:[^/?#]*@)?[^/?#@,]+),[^/?#@]+/, '$1');
  return URL.canParse(firstHostOnly) && /^[^:]+:\/\/./.test(text) ? new URL(firstHostOnly).protocol.slice(0, -1) : '';
}

/** A decimal number, or undefined where the variable is unset. Whole numbers must be exact (at most 2^53 - 1). */
export const optionalNumber = z
  .string()
  .regex(/^-?[0-9]{1,16}(?:\.[0-9]{1,16})?$/, 'must be a number')
  .transform(Number)
  .refine((number) => Math.abs(number) <= Number.MAX_SAFE_INTEGER, 'is too large a number')
  .optional();

/** The name of a time zone as in the IANA data base (`Asia/Shanghai`, `UTC`); an offset is none, for it knows no summer. */
export const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone like Asia/Shanghai');

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
