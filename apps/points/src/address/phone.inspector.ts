import { iso31661 } from 'iso-3166';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import { AppError } from '#contracts';

export const addressesAtMost = 20;

const countries = new Set(iso31661.map(({ alpha2 }) => alpha2));

export interface TypedContact {
  readonly country: string;
  readonly phone: string;
}

/** The phone in international form, as a carrier needs it; or why this is nothing to deliver to. */
export function normalisePhone({ country, phone }: TypedContact): string | AppError {
  if (!countries.has(country)) return new AppError('address.country_unknown');
  const parsed = isSupportedCountry(country)
    ? parsePhoneNumberFromString(phone, country)
    : parsePhoneNumberFromString(phone);
  return parsed?.isPossible() ? parsed.number : new AppError('address.phone_invalid');
}
