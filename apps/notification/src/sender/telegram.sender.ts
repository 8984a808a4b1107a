import { Injectable } from '@nestjs/common';
import { Telegram } from 'telegraf';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings } from '#service';
import { isBelievedBlocked, waitForContact, type SendOutcome } from '../deliveries/delivery.rules.js';
import { parseContent } from '../deliveries/delivery-content.schema.js';
import type { NotificationSettings } from '../notification.env.js';
import { hasRenewedSince } from '../reminders/reminder.rules.js';
import type { ClaimedDelivery } from './claimed-delivery.types.js';
import { classifyTelegramFailure, pauseWanted, type TelegramFailure } from './telegram-error.rules.js';
import { isGroupChat } from './telegram-pace.rules.js';
import { TelegramPacer } from './telegram.pacer.js';
import { TelegramPauses } from './telegram-pauses.store.js';
import { TelegramTextFormat } from './telegram-text.format.js';

const answerTimeoutMs = 10_000;
/** With the answer's time well within a claim. */
const patienceMs = 5_000;

type CallSignal = NonNullable<Parameters<Telegram['callApi']>[2]>['signal'];

/** Sends a delivery into the member's chat with the bot; where a group is the member, into the group. */
@Injectable()
export class TelegramSender {
  private readonly telegram: Telegram | null;

  constructor(
    private readonly pacer: TelegramPacer,
    private readonly pauses: TelegramPauses,
    private readonly texts: TelegramTextFormat,
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() settings: NotificationSettings,
  ) {
    const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: apiRoot } = settings;
    this.telegram = token ? new Telegram(token, { apiRoot, webhookReply: false }) : null;
  }

  /** Whether there is a bot to send with, and Telegram has not told all of it to be silent. */
  get open(): boolean {
    return this.telegram !== null && this.pacer.closedUntil <= this.clock.now().getTime();
  }

  get configured(): boolean {
    return this.telegram !== null;
  }

  async send(delivery: ClaimedDelivery): Promise<SendOutcome> {
    const { contact } = delivery;
    if (!contact?.telegramId) return waitForContact(delivery.createdAt, this.clock.now());
    if (isBelievedBlocked(contact.telegramBlockedAt, this.clock.now())) return { kind: 'refused', reason: 'blocked' };
    const content = parseContent(delivery.template, delivery.params);
    if (
      content.template === 'membership_reminder' &&
      hasRenewedSince(new Date(content.expires_at), contact.membership)
    ) {
      return { kind: 'refused', reason: 'renewed' };
    }
    const text = this.texts.textOf(content, contact);
    const chatId = await this.chatOf(contact.telegramId);
    const turn = await this.pacer.turn(chatId, delivery.lane, patienceMs);
    if (!turn.go) return { kind: 'deferred', until: new Date(turn.until), reason: 'waiting for its turn' };
    const failure = await this.deliver(chatId, text);
    return failure ? classifyTelegramFailure(failure, this.clock.now()) : { kind: 'sent' };
  }

  /** A group that is a customer may have become a supergroup before the platform has heard of it. */
  private chatOf(telegramId: string): Promise<string> | string {
    return isGroupChat(telegramId) ? this.pauses.currentId(telegramId) : telegramId;
  }

  /** Sends a text into a chat whose turn it is, and heeds what Telegram says of the chat: how long to be silent, where it is now. */
  async deliver(chatId: string, text: string, threadId?: number): Promise<TelegramFailure | null> {
    const failure = await this.call(chatId, text, threadId).finally(() => this.pacer.answered(chatId));
    const pauseSeconds = failure ? pauseWanted(failure) : null;
    if (pauseSeconds !== null) await this.pauses.pause(chatId, pauseSeconds * 1_000);
    if (failure?.kind === 'answer' && failure.movedTo !== undefined)
      await this.pauses.noteMove(chatId, failure.movedTo);
    return failure;
  }

  private async call(chatId: string, text: string, threadId?: number): Promise<TelegramFailure | null> {
    if (!this.telegram) return { kind: 'silence', reason: 'there is no bot' };
    const payload = {
      chat_id: Number(chatId),
      text,
      parse_mode: 'HTML' as const,
      link_preview_options: { is_disabled: true },
      ...(threadId !== undefined && { message_thread_id: threadId }),
    };
    try {
      // Telegraf's types know an older AbortSignal than Node's; at run time they are the same thing.
      const signal = AbortSignal.timeout(answerTimeoutMs) as unknown as CallSignal;
      await this.telegram.callApi('sendMessage', payload, { signal });
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }
}

function failureOf(error: unknown): TelegramFailure {
  const answer = (
    error as {
      response?: {
        error_code?: unknown;
        description?: unknown;
        parameters?: { retry_after?: unknown; migrate_to_chat_id?: unknown };
      };
    }
  ).response;
  if (typeof answer?.error_code !== 'number') {
    const { type, code, name } = error as { type?: string; code?: string; name?: string };
    return { kind: 'silence', reason: code ?? type ?? name ?? 'failed' };
  }
  const retryAfter = answer.parameters?.retry_after;
  const movedTo = answer.parameters?.migrate_to_chat_id;
  return {
    kind: 'answer',
    code: answer.error_code,
    description: String(answer.description),
    ...(typeof retryAfter === 'number' && { retryAfterSeconds: retryAfter }),
    ...(typeof movedTo === 'number' && { movedTo: String(movedTo) }),
  };
}
