import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { CancelMyOrder, ConfirmMyOrder, GetMyOrder, ListMyOrders } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { pageOrLast, showsPages, type Screen } from '../list-screen.parts.js';
import type { Visit } from '../member/visit.client.js';
import { replaceAnswer } from '../telegram/answer.sender.js';
import { orderButtons, orderHtml, ordersButtons, ordersHtml } from './order.view.js';
import { cancelOrderPress, orderPress, ordersEntry, ordersPagePress, receivedPress } from './shop.keyboard.js';

const ordersPerPage = 6;

/** `/orders`: what the member has exchanged points for (P-07): list, order, cancel, received. */
@Injectable()
export class OrderFeature implements BotFeature {
  static readonly menu = [ordersEntry];
  readonly composer = new Composer<BotContext>();

  constructor(@InjectSettings() private readonly settings: GatewaySettings) {
    showsPages(this.composer, { entry: ordersEntry, turn: ordersPagePress }, (visit, page) => this.list(visit, page));
    this.composer.use(onPress(orderPress, (context, { id }) => this.show(context, id)));
    this.composer.use(
      onPress(cancelOrderPress, async (context, { id }) => {
        await context.visit.commandOnce(CancelMyOrder, { id });
        await this.show(context, id);
      }),
    );
    this.composer.use(
      onPress(receivedPress, async (context, { id }) => {
        await context.visit.commandOnce(ConfirmMyOrder, { id });
        await this.show(context, id);
      }),
    );
  }

  private async list(visit: Visit, wanted: number): Promise<Screen> {
    const orders = await pageOrLast(wanted, (page) => visit.query(ListMyOrders, { page, page_size: ordersPerPage }));
    return [ordersHtml(visit, orders), ordersButtons(visit, orders)];
  }

  private async show(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const order = await visit.query(GetMyOrder, { id });
    await replaceAnswer(context, orderHtml(visit, order, this.settings.COMMUNITY_TIMEZONE), orderButtons(visit, order));
  }
}
