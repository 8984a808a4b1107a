import type { Locale } from '#contracts';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { languagePress } from './language.keyboard.js';

/** Each language in its own words: who needs the button can read it. */
const names: Record<Locale, string> = { zh: '中文', en: 'English', ru: 'Русский' };

export function languageRow(): ButtonRows[number] {
  return (Object.keys(names) as Locale[]).map((locale) => button(names[locale], languagePress.pack({ locale })));
}
