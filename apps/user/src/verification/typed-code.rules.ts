/** The six digits of a code that a person typed, full-width or with blanks and dashes between; null when it cannot be one. */
export function typedCode(text: string): string | null {
  const digits = text.normalize('NFKC').replace(/[\s\u200b-\u200f\u2010-\u2015\u2212\ufeff-]/g, '');
  return /^[0-9]{6}$/.test(digits) ? digits : null;
}
