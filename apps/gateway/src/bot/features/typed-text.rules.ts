/** What a text that nobody asked for seems to be. */
export type TypedText =
  | { readonly kind: 'invite_code'; readonly code: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'verification_code' }
  | { readonly kind: 'unknown' };

const address = /^[^\s@<>]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;
const sixDigits = /^[0-9]{3}[ -]?[0-9]{3}$/;
/** Eight letters and digits, as a code is written: in capitals, or with a digit that tells it from a word. */
const capitals = /^[A-Z0-9]{8}$/;
const mixed = /^(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9]{8}$/;

/** Recognises an address, an invite code and a verification code that was typed here instead of mailed. */
export function understandText(text: string): TypedText {
  const typed = text.trim();
  if (typed.length <= 128 && address.test(typed)) return { kind: 'address', address: typed };
  if (sixDigits.test(typed)) return { kind: 'verification_code' };
  if (capitals.test(typed) || mixed.test(typed)) return { kind: 'invite_code', code: typed };
  return { kind: 'unknown' };
}
