/** Stands for a value that nobody needs to see. */
export const secretMask = '***';

const emailPattern = /([^\s@"'<>(),;:[\]]+)@([^\s@"'<>(),;:[\]]+)/gu;

/** Masks every e-mail address in a text: `alice@example.org` becomes `a***e@example.org`. Masking twice changes nothing more. */
export function maskEmails(text: string): string {
  // Most texts hold none, and the pattern looks at each of their letters in vain.
  if (!text.includes('@')) return text;
  return text.replace(emailPattern, (_, local: string, domain: string) => `${maskLocalPart(local)}@${domain}`);
}

/** A name of one or two letters would be told by its first and last. */
function maskLocalPart(local: string): string {
  if (/^.\*{3}.?$/u.test(local)) return local;
  const letters = [...local];
  const last = letters.length > 2 ? letters.at(-1) : '';
  return `${letters[0]}${secretMask}${last}`;
}

/** Masks all but the last two digits; a text with fewer than four digits is masked as a whole. Masking twice changes nothing more. */
export function maskPhone(text: string): string {
  // What stands for a digit that was masked counts as one.
  let digitsLeft = text.match(/[0-9*]/g)?.length ?? 0;
  if (digitsLeft < 4) return secretMask;
  return text.replace(/[0-9*]/g, (digit) => {
    digitsLeft -= 1;
    return digitsLeft < 2 ? digit : '*';
  });
}
