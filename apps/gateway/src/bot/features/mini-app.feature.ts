import { Injectable } from '@nestjs/common';
import { Composer, Markup } from 'telegraf';
import type { Cache } from '#cache';
import { InjectCache, InjectLogger, type Logger } from '#service';
import { markKey } from '../member/cache-key.rules.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { isPress } from '../callback.data.js';
import { opens } from '../feature.parts.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { languagePress } from './language.keyboard.js';
import { menuButton } from './menu.view.js';
import { miniAppEntry } from './mini-app.keyboard.js';

const occasions = /^\/(?:start|menu)(?:\s|$)/;
const rememberedMs = 30 * 24 * 60 * 60_000;

/**
 * The platform's page as a Mini App (B-02): by a button in the menu, and by Telegram's own menu button beside the input field. That
 * one is set chat by chat, because Telegram keeps no menu button per language.
 */
@Injectable()
export class MiniAppFeature implements BotFeature {
  static readonly menu = [miniAppEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    @InjectCache() private readonly cache: Cache,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.composer.use(async (context, next) => {
      await next();
      if (!occasions.test(context.text ?? '') && !isPress(context, languagePress)) return;
      await this.settle(context).catch((error: unknown) => {
        this.logger.warn({ error }, "a chat's menu button could not be set");
      });
    });
    opens(this.composer, miniAppEntry, (context) => this.show(context));
  }

  private async show(context: BotContext): Promise<void> {
    const { visit } = context;
    const { miniAppUrl: url } = visit;
    if (url === null) return sendAnswer(context, visit.html('mini_app.not_here'), [[menuButton(visit)]]);
    const open = Markup.button.webApp(visit.text('mini_app.open'), url);
    await sendAnswer(context, visit.html('mini_app.about'), [[open], [menuButton(visit)]]);
  }

  /** Once for each chat, language and address. */
  private async settle({ visit, chat, telegram }: BotContext): Promise<void> {
    const { miniAppUrl: url } = visit;
    if (chat?.type !== 'private') return;
    const mark = markKey('menu-button', visit.member.telegram_id);
    const known = await this.cache.get(mark);
    if (url === null) {
      if (known === null) return;
      await telegram.setChatMenuButton({ chatId: chat.id, menuButton: { type: 'default' } });
      return this.cache.delete(mark);
    }
    const text = visit.text('mini_app.short');
    const wanted = `${text} ${url}`;
    if (known === wanted) return;
    await telegram.setChatMenuButton({
      chatId: chat.id,
      menuButton: { type: 'web_app', text, web_app: { url } },
    });
    await this.cache.set(mark, wanted, rememberedMs);
  }
}
