import { Injectable } from '@nestjs/common';
import { I18nService } from 'nestjs-i18n';
import type { Locale } from '#contracts';
import type { TextKey, TextParams } from './text.keys.generated.js';

type ParamsArgument<Key extends TextKey> = keyof TextParams[Key] extends never ? [] : [params: TextParams[Key]];

/** Every sentence a person reads comes through here. A missing key or parameter does not compile. */
@Injectable()
export class Texts {
  constructor(private readonly i18n: I18nService) {}

  /** Plain text. `count` chooses the plural form of the language. */
  text<Key extends TextKey>(locale: Locale, key: Key, ...[params]: ParamsArgument<Key>): string {
    return this.i18n.translate(key, { lang: locale, args: plain((params ?? {}) as Record<string, unknown>) });
  }

  /** The same for Telegram's HTML and mail bodies: what is put in is escaped, the sentence's own tags stay. */
  html<Key extends TextKey>(locale: Locale, key: Key, ...[params]: ParamsArgument<Key>): string {
    const escaped = Object.entries((params ?? {}) as Record<string, unknown>).map(([name, value]) => [
      name,
      typeof value === 'string' ? escapeHtml(value) : value,
    ]);
    return this.i18n.translate(key, {
      lang: locale,
      args: plain(Object.fromEntries(escaped) as Record<string, unknown>),
    });
  }

  /** A key that is put together at run time, as for error names; undefined where there is none. */
  lookup(locale: Locale, key: string, params: Record<string, unknown>): string | undefined {
    const found: unknown = this.i18n.translate(key, { lang: locale, args: plain(params) });
    return typeof found === 'string' && found !== key ? found : undefined;
  }
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** nestjs-i18n resolves `$t(key)` inside a finished sentence; what a person typed must not reach into the locales. */
function plain(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replaceAll('$t(', '$t\u200b(') : value,
    ]),
  );
}
