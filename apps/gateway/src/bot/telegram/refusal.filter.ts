import { Injectable } from '@nestjs/common';
import { TelegramError, type MiddlewareFn } from 'telegraf';
import { AppError, type ErrorName } from '#contracts';
import { localeOfLanguageTag, Texts } from '#i18n';
import { InjectLogger, type Logger } from '#service';
import type { BotContext } from '../bot.types.js';
import { menuPress } from '../features/menu.keyboard.js';
import { refusalText } from '../refusal.text.js';
import { button, sendAnswer, sendGroupAnswer } from './answer.sender.js';
import { isPassingFailure, isUnreachable } from './telegram.errors.js';
import { requestIdOf } from './update.rules.js';

/** Nothing behind a menu button would work after these. */
const withoutMenu: readonly ErrorName[] = ['user.banned', 'user.deletion_pending'];

/** The one place where a feature's error becomes a text in the chat; also answers every button press, so that none spins. */
@Injectable()
export class RefusalFilter {
  constructor(
    private readonly texts: Texts,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  readonly middleware: MiddlewareFn<BotContext> = async (context, next) => {
    const isPressAnswered = watchPressAnswer(context);
    try {
      await next();
    } catch (error) {
      await this.tell(context, error).catch((failure: unknown) => this.logUnsent(context, failure));
    } finally {
      if (context.callbackQuery && !isPressAnswered()) {
        await context.answerCbQuery().catch((failure: unknown) => this.logUnsent(context, failure));
      }
    }
  };

  private async tell(context: BotContext, error: unknown): Promise<void> {
    const isOfTelegram = error instanceof TelegramError || isPassingFailure(error);
    if (isOfTelegram) return this.logUnsent(context, error);
    const refusal = error instanceof AppError ? error : new AppError('system.internal');
    this.log(context, error, refusal);
    if (!context.chat || (!context.message && !context.callbackQuery)) return;
    const locale =
      (context.visit as BotContext['visit'] | undefined)?.locale ?? localeOfLanguageTag(context.from?.language_code);
    const html = refusalText(this.texts, locale, error, requestIdOf(context.update.update_id));
    if (context.chat.type !== 'private') return sendGroupAnswer(context, html);
    const menu = button(this.texts.text(locale, 'bot.buttons.menu'), menuPress.pack({}));
    await sendAnswer(context, html, withoutMenu.includes(refusal.errorName) ? [] : [[menu]]);
  }

  private log(context: BotContext, error: unknown, refusal: AppError): void {
    const where = { request_id: requestIdOf(context.update.update_id), update_type: context.updateType };
    if (refusal.errorName === 'system.internal') this.logger.error({ error, ...where }, 'unexpected error in the bot');
    else this.logger.debug({ ...where, refusal: refusal.errorName }, 'refused in the bot');
  }

  /** Telegram did not take what we wrote: the member cannot be told by the same way. */
  private logUnsent(context: BotContext, error: unknown): void {
    const where = { request_id: requestIdOf(context.update.update_id), update_type: context.updateType };
    if (isUnreachable(error)) this.logger.debug(where, 'the member cannot be reached');
    else this.logger.warn({ error, ...where }, 'Telegram refused or was not reached');
  }
}

function watchPressAnswer({ telegram }: BotContext): () => boolean {
  let isAnswered = false;
  const call = telegram.callApi.bind(telegram);
  telegram.callApi = (method, payload, options) => {
    isAnswered ||= method === 'answerCallbackQuery';
    return call(method, payload, options);
  };
  return () => isAnswered;
}
