import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { AppError, GetBalance, GetExchange, ListAddresses, ListExchanges, PurchaseExchange } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { onDeepLink, opens } from '../feature.parts.js';
import { pageOrLast, type Screen } from '../list-screen.parts.js';
import type { Visit } from '../member/visit.client.js';
import { replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { boughtHtml, orderButtons } from './order.view.js';
import { deepLinkTo, firstSteps, shareLinkButton } from './share.view.js';
import { confirmPress, exchangePress, itemPress, shelfPress, shopEntry } from './shop.keyboard.js';
import { confirmButtons, confirmHtml, itemButtons, itemHtml, shelfButtons, shelfHtml } from './shop.view.js';

const itemsPerPage = 6;
/** A link to an item: `?start=item_12`. */
const itemLink = /^item_([0-9]{1,9})$/;

/** `/shop`: what points can be exchanged for (P-07): shelf, item, question, exchange. */
@Injectable()
export class ShopFeature implements BotFeature {
  static readonly menu = [shopEntry];
  readonly composer = new Composer<BotContext>();

  constructor(@InjectSettings() private readonly settings: GatewaySettings) {
    opens(this.composer, shopEntry, async (context) => sendAnswer(context, ...(await this.shelf(context.visit, 1))));
    this.composer.use(
      onPress(shelfPress, async (context, { page }) =>
        replaceAnswer(context, ...(await this.shelf(context.visit, page))),
      ),
    );
    this.composer.use(
      onPress(itemPress, async (context, { id }) => replaceAnswer(context, ...(await this.item(context, id)))),
    );
    this.composer.use(
      onPress(exchangePress, async (context, { id }) => replaceAnswer(context, ...(await this.ask(context.visit, id)))),
    );
    onDeepLink(this.composer, itemLink, (context, [, id = '0']) => this.openByLink(context, Number(id)));
    this.composer.use(onPress(confirmPress, (context, fields) => this.exchange(context, fields)));
  }

  private async shelf(visit: Visit, wanted: number): Promise<Screen> {
    const [{ balance, frozen }, items] = await Promise.all([
      visit.query(GetBalance, {}),
      pageOrLast(wanted, (page) => visit.query(ListExchanges, { page, page_size: itemsPerPage })),
    ]);
    return [shelfHtml(visit, items, balance - frozen), shelfButtons(visit, items)];
  }

  private async item(context: BotContext, id: number): Promise<Screen> {
    const { visit } = context;
    const [item, { available }, addresses] = await this.know(visit, id);
    const state = { available, hasAddress: addresses.items.length > 0 };
    const link = deepLinkTo(context, `item_${id}`);
    const html = [
      itemHtml(visit, item, state, this.settings.COMMUNITY_TIMEZONE),
      ...(visit.can('exchange.read') ? ['', visit.html('shop.item.link', { link })] : []),
    ].join('\n');
    return [html, itemButtons(visit, item, state, shareLinkButton(visit, link, item.name[visit.locale]))];
  }

  /** Whoever comes by a link to something that is gone finds what there is instead. */
  private async openByLink(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    try {
      const [html, buttons] = await this.item(context, id);
      const first = await firstSteps(visit);
      await sendAnswer(context, `${html}${first.html}`, [...first.buttons, ...buttons]);
    } catch (error) {
      const isGone = error instanceof AppError && ['shop.item_unknown', 'request.invalid'].includes(error.errorName);
      if (!isGone) throw error;
      const [html, buttons] = await this.shelf(visit, 1);
      await sendAnswer(context, `${visit.html('shop.item.gone')}\n\n${html}`, buttons);
    }
  }

  private async ask(visit: Visit, id: number): Promise<Screen> {
    const [item, { available }, addresses] = await this.know(visit, id);
    const [address] = item.exchange_type === 'product' ? addresses.items : [];
    const mark = randomBytes(6).toString('hex');
    return [confirmHtml(visit, item, available, address), confirmButtons(visit, item, address, mark)];
  }

  private know(visit: Visit, id: number) {
    return Promise.all([
      visit.query(GetExchange, { id }),
      visit.query(GetBalance, {}),
      visit.query(ListAddresses, {}),
    ] as const);
  }

  /** A press that comes twice is answered twice and exchanges once: its key is the question's. It goes where the question said. */
  private async exchange(
    context: BotContext,
    { id, points, address }: { id: number; points: number; address: number },
  ): Promise<void> {
    const { visit } = context;
    const order = await visit.commandOnce(PurchaseExchange, {
      exchange_id: id,
      expected_points: points,
      ...(address > 0 && { address_id: address }),
    });
    await replaceAnswer(context, boughtHtml(visit, order), orderButtons(visit, order));
  }
}
