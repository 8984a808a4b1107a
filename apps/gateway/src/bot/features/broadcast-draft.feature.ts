import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import {
  type AppError,
  ChangeBroadcast,
  CreateBroadcast,
  GetBroadcast,
  locales,
  localeSchema,
  type Broadcast,
  type ErrorName,
  type Locale,
} from '#contracts';
import { Texts } from '#i18n';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { allowedTo, answerDecides, pressDecides } from '../feature.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import { refusalText } from '../refusal.text.js';
import { button, sendAnswer } from '../telegram/answer.sender.js';
import { BroadcastFeature } from './broadcast.feature.js';
import {
  broadcastAtOncePress,
  broadcastEraseTextPress,
  broadcastNewPress,
  broadcastTextPress,
  broadcastTimePress,
} from './broadcast.keyboard.js';
import { languageNames } from './language.view.js';
import { cancelButton } from './menu.view.js';
import { orAskAgain, type Asking } from './retry.parts.js';
import { parseTime } from './typed-time.rules.js';

const titleAtMost = 100;
const textAtMost = 3_500;

const titleAsked = defineConversation('broadcast_title', 'broadcasts.ask.title_again');
/** The first text makes the draft; those of the other languages come to it. */
const firstTextAsked = defineConversation(
  'broadcast_first_text',
  'broadcasts.ask.text_again',
  z.object({ title: z.string().min(1).max(titleAtMost) }),
);
const textAsked = defineConversation(
  'broadcast_text',
  'broadcasts.ask.text_again',
  z.object({ id: z.int(), locale: localeSchema }),
);
const timeAsked = defineConversation('broadcast_time', 'broadcasts.ask.time_again', z.object({ id: z.int() }));

/** After these the same question can be answered again. */
const worthAnotherTry: readonly ErrorName[] = ['request.invalid'];

/** Writes a message to many (B-04): what it is called, what it says in each language, and when it goes out. */
@Injectable()
export class BroadcastDraftFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();
  private readonly asking: Asking;

  constructor(
    private readonly conversations: ConversationStore,
    private readonly broadcasts: BroadcastFeature,
    private readonly texts: Texts,
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    this.asking = { conversations, worthAnotherTry, askAgain: (context, refusal) => this.askAgain(context, refusal) };
    const admins = allowedTo(this.composer, 'broadcast.read');
    this.writeTexts(admins);
    this.chooseTime(admins);
  }

  private writeTexts(admins: Composer<BotContext>): void {
    const writing = 'broadcast.write';
    pressDecides(admins, writing, broadcastNewPress, (context) => this.askForTitle(context));
    answerDecides(admins, writing, titleAsked, (context, title) => this.takeTitle(context, title));
    answerDecides(admins, writing, firstTextAsked, (context, text, { title }) => this.create(context, title, text));
    pressDecides(admins, writing, broadcastTextPress, (context, { id, locale }) =>
      this.askForText(context, id, locale),
    );
    answerDecides(admins, writing, textAsked, (context, text, { id, locale }) =>
      this.takeText(context, id, locale, text),
    );
    pressDecides(admins, writing, broadcastEraseTextPress, (context, { id, locale }) =>
      this.eraseText(context, id, locale),
    );
  }

  private chooseTime(admins: Composer<BotContext>): void {
    const writing = 'broadcast.write';
    pressDecides(admins, writing, broadcastTimePress, (context, { id }) => this.askForTime(context, id));
    pressDecides(admins, writing, broadcastAtOncePress, async (context, { id }) =>
      this.show(context, await context.visit.command(ChangeBroadcast, { id, starts_at: null })),
    );
    answerDecides(admins, writing, timeAsked, (context, text, { id }) => this.takeTime(context, id, text));
  }

  private async askForTitle(context: BotContext): Promise<void> {
    await this.conversations.begin(context, titleAsked, {});
    await sendAnswer(context, context.visit.html('broadcasts.ask.title'), [[cancelButton(context.visit)]]);
  }

  private async takeTitle(context: BotContext, typed: string): Promise<void> {
    const { visit } = context;
    const title = typed.replaceAll(/\s+/g, ' ');
    if (title.length > titleAtMost)
      return sendAnswer(context, visit.html('broadcasts.ask.title_again'), [[cancelButton(visit)]]);
    await this.conversations.begin(context, firstTextAsked, { title });
    const html = visit.html('broadcasts.ask.text', { language: languageNames[visit.locale] });
    await sendAnswer(context, html, [[cancelButton(visit)]]);
  }

  private async create(context: BotContext, title: string, text: string): Promise<void> {
    const { locale } = context.visit;
    await this.keep(context, () =>
      context.visit.command(CreateBroadcast, { title, texts: { [locale]: text }, fallback: locale }),
    );
  }

  private async askForText(context: BotContext, id: number, locale: Locale): Promise<void> {
    const { visit } = context;
    const { texts } = await visit.query(GetBroadcast, { id });
    await this.conversations.begin(context, textAsked, { id, locale });
    const erase = button(
      visit.text('broadcasts.buttons.erase', { language: languageNames[locale] }),
      broadcastEraseTextPress.pack({ id, locale }),
    );
    const canErase = texts[locale] !== undefined && locales.some((one) => one !== locale && texts[one] !== undefined);
    const html = visit.html('broadcasts.ask.text', { language: languageNames[locale] });
    await sendAnswer(context, html, [...(canErase ? [[erase]] : []), [cancelButton(visit)]]);
  }

  private async takeText(context: BotContext, id: number, locale: Locale, text: string): Promise<void> {
    const { visit } = context;
    await this.keep(context, async () => {
      const { texts } = await visit.query(GetBroadcast, { id });
      return visit.command(ChangeBroadcast, { id, texts: { ...texts, [locale]: text } });
    });
  }

  /** Who read this language instead of their own reads another one then. */
  private async eraseText(context: BotContext, id: number, locale: Locale): Promise<void> {
    const { visit } = context;
    const { texts, fallback } = await visit.query(GetBroadcast, { id });
    const other = locales.find((one) => one !== locale && texts[one] !== undefined) ?? null;
    const change = { texts: { ...texts, [locale]: undefined }, fallback: fallback === locale ? other : fallback };
    await this.show(context, await visit.command(ChangeBroadcast, { id, ...change }));
  }

  private async askForTime(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, timeAsked, { id });
    const atOnce = button(visit.text('broadcasts.buttons.at_once'), broadcastAtOncePress.pack({ id }));
    const html = visit.html('broadcasts.ask.time', { timezone: this.settings.COMMUNITY_TIMEZONE });
    await sendAnswer(context, html, [[atOnce], [cancelButton(visit)]]);
  }

  private async takeTime(context: BotContext, id: number, text: string): Promise<void> {
    const { visit } = context;
    const time = parseTime(text, this.settings.COMMUNITY_TIMEZONE);
    if (time === null || time <= this.clock.now().toISOString())
      return sendAnswer(context, visit.html('broadcasts.ask.time_again'), [[cancelButton(visit)]]);
    await this.keep(context, () => visit.command(ChangeBroadcast, { id, starts_at: time }));
  }

  /** Does it and ends the conversation, or says why not and waits for another answer. */
  private async keep(context: BotContext, write: () => Promise<Broadcast>): Promise<void> {
    await orAskAgain(context, this.asking, async () => {
      const broadcast = await write();
      await this.conversations.end(context);
      await this.show(context, broadcast);
    });
  }

  private async askAgain(context: BotContext, refusal: AppError): Promise<void> {
    const { visit } = context;
    const why =
      (context.text ?? '').length > textAtMost
        ? visit.html('broadcasts.ask.too_long')
        : refusalText(this.texts, visit.locale, refusal, visit.requestId);
    await sendAnswer(context, why, [[cancelButton(visit)]]);
  }

  private async show(context: BotContext, broadcast: Broadcast): Promise<void> {
    await sendAnswer(context, ...(await this.broadcasts.card(context.visit, broadcast)));
  }
}
