import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import { GetOrder, GetUser, ListOrders, MoveOrder, type InputOf } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, answerDecides, opens, pressDecides } from '../feature.parts.js';
import type { Screen } from '../list-screen.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import {
  orderCardPress,
  orderListPress,
  orderNoCodePress,
  orderWishPress,
  shopOrdersEntry,
} from './admin-order.keyboard.js';
import { parseTracking, type OrderWish } from './admin-order.rules.js';
import {
  orderCardButtons,
  orderCardHtml,
  orderListButtons,
  orderListHtml,
  type OpenStatus,
} from './admin-order.view.js';
import { cancelButton } from './menu.view.js';
import { reasonDecides } from './reason.parts.js';

type Move = Omit<InputOf<typeof MoveOrder>, 'id'>;

const perPage = 6;
const moving = 'order.move';
const codeAtMost = 64;

const trackingAsked = defineConversation('order_tracking', 'bot_shop.ask.tracking_again', z.object({ id: z.int() }));
const codeAsked = defineConversation('order_code', 'bot_shop.ask.code_again', z.object({ id: z.int() }));
const endings = ['cancelled', 'refunded', 'back'] as const;
type Ending = (typeof endings)[number];
const reasonAsked = defineConversation(
  'order_reason',
  'bot_admin.reason.again',
  z.object({ id: z.int(), wish: z.enum(endings) }),
);

/** The shop's orders in the admin menu (P-07, B-04): what is to be done, where it goes, and each step of it. */
@Injectable()
export class AdminOrderFeature implements BotFeature {
  static readonly menu = [shopOrdersEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    const admins = allowedTo(this.composer, 'order.read');
    opens(admins, shopOrdersEntry, async (context) =>
      sendAnswer(context, ...(await this.list(context.visit, 'paid', 1))),
    );
    admins.use(
      onPress(orderListPress, async (context, { status, page }) =>
        replaceAnswer(context, ...(await this.list(context.visit, status, page))),
      ),
    );
    admins.use(
      onPress(orderCardPress, async (context, { id }) =>
        replaceAnswer(context, ...(await this.card(context.visit, id))),
      ),
    );
    this.move(admins);
  }

  private move(admins: Composer<BotContext>): void {
    pressDecides(admins, moving, orderWishPress, (context, { id, wish }) => this.begin(context, id, wish));
    pressDecides(admins, moving, orderNoCodePress, (context, { id }) =>
      this.carryOut(context, id, { status: 'completed' }),
    );
    answerDecides(admins, moving, trackingAsked, (context, text, { id }) => this.ship(context, text, id));
    answerDecides(admins, moving, codeAsked, (context, text, { id }) => this.complete(context, text, id));
    reasonDecides(admins, moving, reasonAsked, (context, text, { id, wish }) => this.giveBack(context, text, id, wish));
  }

  private async list(visit: Visit, status: OpenStatus, page: number): Promise<Screen> {
    const found = await visit.query(ListOrders, { status, page, page_size: perPage });
    return [orderListHtml(visit, found, status), orderListButtons(visit, found, status)];
  }

  private async card(visit: Visit, id: number): Promise<Screen> {
    const order = await visit.query(GetOrder, { id });
    const buyer = visit.can('user.read') ? await visit.glance(GetUser, { user_id: order.user_id }) : null;
    return [orderCardHtml(visit, order, buyer, this.settings.COMMUNITY_TIMEZONE), orderCardButtons(visit, order)];
  }

  /** Asks first for what the step needs: how it is sent, what the member gets, why it ends. */
  private async begin(context: BotContext, id: number, wish: OrderWish): Promise<void> {
    const { visit } = context;
    switch (wish) {
      case 'processing':
      case 'delivered':
        return this.carryOut(context, id, { status: wish });
      case 'shipped':
        await this.conversations.begin(context, trackingAsked, { id });
        return sendAnswer(context, visit.html('bot_shop.ask.tracking'), [[cancelButton(visit)]]);
      case 'completed':
        return this.askForCode(context, id);
      case 'cancelled':
      case 'refunded':
      case 'back':
        await this.conversations.begin(context, reasonAsked, { id, wish });
        return sendAnswer(context, visit.html(`bot_shop.ask.${wish}`), [[cancelButton(visit)]]);
    }
  }

  /** What is sent has no code; what is handed over otherwise may have one. */
  private async askForCode(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const { reward_type: type } = await visit.query(GetOrder, { id });
    if (type === 'product') return this.carryOut(context, id, { status: 'completed' });
    await this.conversations.begin(context, codeAsked, { id });
    const plain = button(visit.text('bot_shop.buttons.no_code'), orderNoCodePress.pack({ id }));
    await sendAnswer(context, visit.html('bot_shop.ask.code'), [[plain], [cancelButton(visit)]]);
  }

  private async ship(context: BotContext, text: string, id: number): Promise<void> {
    const { visit } = context;
    const tracking = parseTracking(text);
    if (tracking === null)
      return sendAnswer(context, visit.html('bot_shop.ask.tracking_again'), [[cancelButton(visit)]]);
    await this.carryOut(context, id, {
      status: 'shipped',
      tracking_carrier: tracking.carrier,
      tracking_number: tracking.number,
    });
  }

  private async complete(context: BotContext, code: string, id: number): Promise<void> {
    const { visit } = context;
    if (code.length > codeAtMost)
      return sendAnswer(context, visit.html('bot_shop.ask.code_again'), [[cancelButton(visit)]]);
    await this.carryOut(context, id, { status: 'completed', fulfilment_code: code });
  }

  private async giveBack(context: BotContext, note: string, id: number, wish: Ending): Promise<void> {
    const status = wish === 'cancelled' ? 'cancelled' : 'refunded';
    await this.carryOut(context, id, { status, note, restock: wish === 'back' });
  }

  private async carryOut(context: BotContext, id: number, move: Move): Promise<void> {
    const { visit } = context;
    await this.conversations.end(context);
    await visit.commandOnce(MoveOrder, { id, ...move });
    const [html, buttons] = await this.card(visit, id);
    await replaceAnswer(context, html, buttons);
  }
}
