import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import { ChangeExchange, ChangeExchangeStock, ListAllExchanges, type ErrorName } from '#contracts';
import { Texts } from '#i18n';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, answerDecides, pressDecides } from '../feature.parts.js';
import { findListed, showsPages, type Screen } from '../list-screen.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { parseAdjustment } from './admin-input.rules.js';
import { itemButtons, itemHtml, itemsButtons, itemsHtml, stockText, type ShopItem } from './admin-item.view.js';
import {
  itemCardPress,
  itemListPress,
  itemStockPress,
  itemSwitchPress,
  shopItemsEntry,
} from './admin-order.keyboard.js';
import { cancelButton } from './menu.view.js';
import { docsUrl } from './page-link.parts.js';
import { orAskAgain, sayWhy, type Asking } from './retry.parts.js';

const perPage = 6;
const managing = 'exchange.manage';
/** What the shop can count. */
const countAtMost = 1_000_000;
const stockAsked = defineConversation(
  'item_stock',
  'bot_shop.ask.stock_again',
  z.object({ id: z.int(), page: z.int() }),
);

/** After these another number may do. */
const worthAnotherTry: readonly ErrorName[] = ['shop.stock_out_of_range'];

/** What is in the shop, in the admin menu (P-07, B-04): switch it, and count what came in. It is written over REST. */
@Injectable()
export class AdminItemFeature implements BotFeature {
  static readonly menu = [shopItemsEntry];
  readonly composer = new Composer<BotContext>();
  private readonly asking: Asking;

  constructor(
    private readonly conversations: ConversationStore,
    texts: Texts,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    this.asking = { conversations, worthAnotherTry, askAgain: sayWhy(texts) };
    const admins = allowedTo(this.composer, 'exchange.read');
    showsPages(admins, { entry: shopItemsEntry, turn: itemListPress }, (visit, page) => this.list(visit, page));
    admins.use(
      onPress(itemCardPress, async (context, { id, page }) =>
        replaceAnswer(context, ...(await this.card(context.visit, id, page))),
      ),
    );
    pressDecides(admins, managing, itemSwitchPress, async (context, { id, page, on }) => {
      const item = await context.visit.command(ChangeExchange, { id, enabled: on === '1' });
      await replaceAnswer(context, ...this.screenOf(context.visit, item, page));
    });
    pressDecides(admins, managing, itemStockPress, (context, wish) => this.askForStock(context, wish));
    answerDecides(admins, managing, stockAsked, (context, text, wish) => this.changeStock(context, text, wish));
  }

  private async list(visit: Visit, page: number): Promise<Screen> {
    const found = await visit.query(ListAllExchanges, { page, page_size: perPage });
    return [itemsHtml(visit, found, docsUrl(this.settings)), itemsButtons(visit, found)];
  }

  /** The item where the list had it; the list is shown when it is not there any more. */
  private async card(visit: Visit, id: number, page: number): Promise<Screen> {
    const item = await this.find(visit, id, page);
    return item === undefined ? this.list(visit, 1) : this.screenOf(visit, item, page);
  }

  private async find(visit: Visit, id: number, page: number): Promise<ShopItem | undefined> {
    const found = await findListed({ id, page }, (at) =>
      visit.query(ListAllExchanges, { page: at, page_size: perPage }),
    );
    return found?.item;
  }

  private screenOf(visit: Visit, item: ShopItem, page: number): Screen {
    return [itemHtml(visit, item, this.settings.COMMUNITY_TIMEZONE), itemButtons(visit, item, page)];
  }

  private async askForStock(context: BotContext, { id, page }: { id: number; page: number }): Promise<void> {
    const { visit } = context;
    const item = await this.find(visit, id, page);
    if (item === undefined) return replaceAnswer(context, ...(await this.list(visit, 1)));
    await this.conversations.begin(context, stockAsked, { id, page });
    const html = visit.html('bot_shop.ask.stock', {
      name: item.name[visit.locale],
      amount: stockText(visit, item.stock),
    });
    await sendAnswer(context, html, [[cancelButton(visit)]]);
  }

  /** By how much and why, as adjustments of points are typed. */
  private async changeStock(
    context: BotContext,
    text: string,
    { id, page }: { id: number; page: number },
  ): Promise<void> {
    const { visit } = context;
    const typed = parseAdjustment(text);
    if (typed === null || Math.abs(typed.points) > countAtMost)
      return sendAnswer(context, visit.html('bot_shop.ask.stock_again'), [[cancelButton(visit)]]);
    await orAskAgain(context, this.asking, async () => {
      const item = await visit.command(ChangeExchangeStock, { id, change: typed.points, reason: typed.reason });
      await this.conversations.end(context);
      await sendAnswer(context, ...this.screenOf(visit, item, page));
    });
  }
}
