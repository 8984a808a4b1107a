import { iso31661, iso31662 } from 'iso-3166';

export interface Region {
  readonly country: string | null;
  readonly province: string | null;
  readonly city: string | null;
}

export type RegionPart = keyof Region;

const countries = new Set(iso31661.map(({ alpha2 }) => alpha2));
const countryOfProvince = new Map<string, string>(iso31662.map(({ code }) => [code, code.slice(0, 2)]));
const cityCharactersAtMost = 64;

/**
 * A region in the form in which it is kept (U-11): country and province by their ISO 3166 codes in capitals, the city as a text of
 * one spelling. Or the part that is wrong: an unknown code, a province of another country, a part without the one before it.
 */
export function normaliseRegion(given: Region): { ok: true; region: Region } | { ok: false; part: RegionPart } {
  const country = given.country?.toUpperCase() ?? null;
  const province = given.province?.toUpperCase() ?? null;
  const city = given.city === null ? null : normaliseCity(given.city);
  if (country !== null && !countries.has(country)) return { ok: false, part: 'country' };
  if (province !== null && (country === null || countryOfProvince.get(province) !== country))
    return { ok: false, part: 'province' };
  if (city !== null && (country === null || !isCity(city))) return { ok: false, part: 'city' };
  return { ok: true, region: { country, province, city } };
}

/** `ｓhanghai ` and `Shanghai` are one city; names that differ in more are two. */
function normaliseCity(city: string): string {
  const text = city.normalize('NFKC').replace(/\s+/gu, ' ').trim();
  return text.replace(/(^|[ -])(\p{Ll})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

function isCity(city: string): boolean {
  return [...city].length <= cityCharactersAtMost && /\p{L}/u.test(city) && /^[\p{L}\p{M}\p{N} .,'’()-]+$/u.test(city);
}
