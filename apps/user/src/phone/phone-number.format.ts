import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';

/** A number that a code can be sent to, or that Telegram vouches for, in the one form in which it is unique (E.164). */
export type PhoneNumber = string;

const shape = /^\+[1-9][0-9]{6,14}$/;
const mobileTypes = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

/** What a member typed, as E.164; null when no SMS would arrive there. `country` is where a number without its code is dialled. */
export function typedNumber(text: string, country?: string): PhoneNumber | null {
  const international = text
    .normalize('NFKC')
    .trim()
    .replace(/^00(?=[1-9])/, '+');
  const parsed = parsePhoneNumberFromString(international, country as CountryCode | undefined);
  if (!parsed?.isValid() || !mobileTypes.has(parsed.getType() ?? '')) return null;
  return shape.test(parsed.number) ? parsed.number : null;
}

/** The number of a Telegram contact, which comes without a plus; Telegram's own anonymous numbers have no country. */
export function contactNumber(text: string): PhoneNumber | null {
  const digits = `+${text.replace(/[^0-9]/g, '')}`;
  const number = parsePhoneNumberFromString(digits)?.number ?? digits;
  return shape.test(number) ? number : null;
}

/** `+8613800138000` as `+86 13*******00`: recognisable to its owner only. */
export function maskNumber(number: PhoneNumber): string {
  const parsed = parsePhoneNumberFromString(number);
  const code = parsed ? `+${parsed.countryCallingCode} ` : '+';
  const digits: string = parsed?.nationalNumber ?? number.slice(1);
  return `${code}${digits.slice(0, 2)}${'*'.repeat(Math.max(1, digits.length - 4))}${digits.slice(-2)}`;
}
