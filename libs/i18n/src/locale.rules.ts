import { locales, type Locale } from '#contracts';

const fallback: Locale = 'en';

/** The platform's language for an IETF tag as Telegram sends it (`ru`, `zh-hans`, `en-GB`); English where we do not speak it. */
export function localeOfLanguageTag(tag: string | null | undefined): Locale {
  const language = (tag ?? '').toLowerCase().split(/[-_]/)[0];
  return locales.find((locale) => locale === language) ?? fallback;
}

/** The best of our languages for an Accept-Language header; English for none of ours. */
export function localeOfAcceptLanguage(header: string | undefined): Locale {
  if (!header) return fallback;
  const wishes = header
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((parameter) => /^\s*q=([0-9.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { language: tag.toLowerCase().split('-')[0], quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((left, right) => right.quality - left.quality);
  for (const { language } of wishes) {
    const known = locales.find((locale) => locale === language);
    if (known) return known;
  }
  return fallback;
}
