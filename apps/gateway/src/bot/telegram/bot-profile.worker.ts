import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Telegram } from 'telegraf';
import type { BotCommand, BotCommandScope } from 'telegraf/types';
import type { Cache } from '#cache';
import { locales, type Locale } from '#contracts';
import { Texts } from '#i18n';
import { InjectCache } from '#service';
import { MenuBook } from '../menu.order.js';
import type { CommandScope } from '../menu.types.js';

/** For languages we do not speak. */
const fallback = { locale: 'en', language_code: undefined } as const;
const languages = [fallback, ...locales.map((locale) => ({ locale, language_code: locale }))];

/** Whose commands a scope of Telegram's shows. Group administrators see those of everybody, too. */
const scopes = [
  { type: 'all_private_chats', shows: ['private'] },
  { type: 'all_group_chats', shows: ['group'] },
  { type: 'all_chat_administrators', shows: ['group', 'group_admin'] },
] as const;

const leaseMs = 60_000;

/** Keeps the bot's commands, name and descriptions at Telegram as the locales say. Writes only what differs, for writing is rationed. */
@Injectable()
export class BotProfileWorker {
  constructor(
    private readonly texts: Texts,
    private readonly menu: MenuBook,
    @InjectCache() private readonly cache: Cache,
  ) {}

  async sync(telegram: Telegram, stop: AbortSignal): Promise<void> {
    const mark = `bot:profile:${this.fingerprint()}`;
    const isMine = await this.cache.putIfAbsent(mark, 'syncing', leaseMs).catch(() => true);
    if (!isMine) return;
    try {
      for (const { locale, language_code } of languages) {
        if (!stop.aborted) await this.syncLanguage(telegram, locale, language_code);
      }
    } catch (error) {
      await this.cache.delete(mark).catch(() => undefined);
      throw error;
    }
  }

  /** Of all that is to be known: a new version does not wait for what an old one has just written. */
  private fingerprint(): string {
    const wanted = languages.map(({ locale }) => [
      ...scopes.map(({ shows }) => this.commandsFor(locale, shows)),
      ...(['name', 'description', 'short_description'] as const).map((key) =>
        this.texts.text(locale, `bot.about.${key}`),
      ),
    ]);
    return createHash('sha256').update(JSON.stringify(wanted)).digest('base64url');
  }

  private commandsFor(locale: Locale, scopes: readonly CommandScope[]): BotCommand[] {
    return this.menu
      .commandsIn(scopes)
      .map(({ name, description }) => ({ command: name, description: this.texts.text(locale, description) }));
  }

  private async syncLanguage(telegram: Telegram, locale: Locale, language_code: Locale | undefined): Promise<void> {
    for (const { type, shows } of scopes) {
      await syncCommands(telegram, this.commandsFor(locale, shows), { type }, language_code);
    }
    await this.syncTexts(telegram, locale, language_code);
  }

  private async syncTexts(telegram: Telegram, locale: Locale, language_code: Locale | undefined): Promise<void> {
    const name = this.texts.text(locale, 'bot.about.name');
    if ((await telegram.getMyName(language_code)).name !== name) await telegram.setMyName(name, language_code);
    const description = this.texts.text(locale, 'bot.about.description');
    const known = await telegram.getMyDescription(language_code);
    if (known.description !== description) await telegram.setMyDescription(description, language_code);
    const inShort = this.texts.text(locale, 'bot.about.short_description');
    const knownInShort = await telegram.getMyShortDescription(language_code);
    if (knownInShort.short_description !== inShort) await telegram.setMyShortDescription(inShort, language_code);
  }
}

async function syncCommands(
  telegram: Telegram,
  wanted: BotCommand[],
  scope: BotCommandScope,
  language_code: string | undefined,
): Promise<void> {
  const place = { scope, ...(language_code === undefined ? {} : { language_code }) };
  const known = await telegram.getMyCommands(place);
  if (JSON.stringify(known.map(pair)) !== JSON.stringify(wanted.map(pair))) await telegram.setMyCommands(wanted, place);
}

function pair({ command, description }: BotCommand): [string, string] {
  return [command, description];
}
