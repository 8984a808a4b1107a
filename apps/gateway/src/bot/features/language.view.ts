import type { Locale } from '#contracts';
import { callbacks } from '../callback.data.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';

/** Each language in its own words: who needs the button can read it. */
const names: Record<Locale, string> = { zh: '中文', en: 'English', ru: 'Русский' };

export function languageRow(): ButtonRows[number] {
  return (Object.keys(names) as Locale[]).map((locale) => button(names[locale], callbacks.language.pack({ locale })));
}
