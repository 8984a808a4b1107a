import type { Locale } from '#contracts';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { languagePress } from './language.keyboard.js';

/** Each language in its own words: who needs the button can read it. */
export const languageNames: Record<Locale, string> = { zh: '中文', en: 'English', ru: 'Русский' };

export function languageRow(): ButtonRows[number] {
  return (Object.keys(languageNames) as Locale[]).map((locale) =>
    button(languageNames[locale], languagePress.pack({ locale })),
  );
}
