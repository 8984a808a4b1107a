import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { AppError, ItemGranted, ItemRevoked, OrderMoved, type ItemRefusal, type OrderStatus } from '#contracts';
import { sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { Metrics } from '#service';
import { LedgerService, type Account } from '../ledger/ledger.service.js';
import { lockBuyer, lockExchange, moveStock, writeBuyer } from './exchange.store.js';
import { decideMove, type DecidedMove, type OrderActor } from './order-state.rules.js';
import { grantOf, lockOrder, orderViewOf, type OrderRow, type OrderView } from './order.store.js';

export interface WantedMove {
  readonly id: number;
  readonly to: OrderStatus;
  readonly actor: OrderActor;
  /** Only this member's orders; undefined for anybody's. */
  readonly ownerId?: number;
  readonly note?: string | undefined;
  readonly trackingCarrier?: string | undefined;
  readonly trackingNumber?: string | undefined;
  readonly fulfilmentCode?: string | undefined;
  readonly restock?: boolean;
  /** Why it could not be given: then there is nothing to be taken back. */
  readonly refusal?: ItemRefusal;
}

/** What a service could not give, and to whom. */
export interface RefusedItem {
  readonly orderId: number;
  readonly userId: number;
  readonly refusal: ItemRefusal;
}

/** Both locked. */
interface Found {
  readonly order: OrderRow;
  readonly account: Account;
}

interface Carried extends Found {
  readonly move: DecidedMove;
}

interface Step {
  readonly orderId: number;
  readonly from: OrderStatus | null;
  readonly to: OrderStatus;
  readonly actor: OrderActor;
  readonly note: string | null;
}

/** Takes orders from one state to the next (P-07). What goes back to the member goes back with the move, and once. */
@Injectable()
export class OrderWriter {
  private readonly moves: Counter<'to'>;
  private readonly refunded: Counter;

  constructor(
    private readonly ledger: LedgerService,
    metrics: Metrics,
  ) {
    this.moves = metrics.counter('coser_shop_order_moves_total', 'Orders that came to another state, by state', ['to']);
    this.refunded = metrics.counter('coser_shop_points_refunded_total', 'Points given back for orders');
  }

  /** @throws AppError shop.order_unknown, shop.order_step_refused, shop.tracking_required */
  async move(context: CommandContext, wanted: WantedMove): Promise<OrderView> {
    const found = await this.find(context, wanted);
    if (!found) throw new AppError('shop.order_unknown');
    const { order, account } = found;
    const isProduct = order.reward_type === 'product';
    const move = decideMove({ status: order.status, isProduct }, wanted.to, wanted.actor, wanted.restock ?? false);
    if (!move) throw new AppError('shop.order_step_refused', { status: order.status });
    return this.carryOut(context, wanted, { order, account, move });
  }

  /**
   * Gives the points back for what could not be given, with limit and stock (P-07); nothing when the order has ended otherwise
   * meanwhile, or is not this member's.
   */
  async refundRefused(context: CommandContext, refused: RefusedItem): Promise<void> {
    const { orderId: id, userId: ownerId, refusal } = refused;
    const wanted = { id, to: 'refunded', actor: 'system', restock: true, ownerId, refusal } as const;
    const found = await this.find(context, wanted);
    if (!found || found.order.status !== 'completed') return;
    const move = decideMove({ status: 'completed', isProduct: false }, 'refunded', 'system', true);
    if (move) await this.carryOut(context, wanted, { ...found, move: { ...move, revokes: false } });
  }

  private async carryOut(
    context: CommandContext,
    wanted: WantedMove,
    { order, account, move }: Carried,
  ): Promise<OrderView> {
    if (move.to === 'shipped' && wanted.trackingNumber === undefined) throw new AppError('shop.tracking_required');
    const after = await this.write(context, order, move, wanted);
    if (move.refunds) await this.refund(context, account, order, move);
    this.tell(context, order, after, move, wanted.actor);
    return orderViewOf(after);
  }

  /**
   * Account, item, buyer, order: the lock order of the shop. Whose order it is and of which item never changes, so both may be
   * read before; everything else is read under the locks.
   */
  private async find(context: CommandContext, { id, ownerId }: WantedMove): Promise<Found | undefined> {
    const { tx } = context;
    const known = await tx.one<{ user_id: number; exchange_id: number }>(
      'SELECT user_id, exchange_id FROM points_exchange_records WHERE id = ?',
      [id],
    );
    if (!known || (ownerId !== undefined && known.user_id !== ownerId)) return undefined;
    const account = await this.ledger.lockAccount(context, known.user_id);
    await lockExchange(tx, known.exchange_id);
    const order = await lockOrder(tx, id);
    return order && { order, account };
  }

  private async write(
    context: CommandContext,
    order: OrderRow,
    move: DecidedMove,
    wanted: WantedMove,
  ): Promise<OrderRow> {
    const time = sqlTime(context.now);
    const after: OrderRow = {
      ...order,
      status: move.to,
      tracking_carrier: wanted.trackingCarrier ?? order.tracking_carrier,
      tracking_number: wanted.trackingNumber ?? order.tracking_number,
      fulfilment_code: wanted.fulfilmentCode ?? order.fulfilment_code,
      note: wanted.note ?? order.note,
      refusal: wanted.refusal ?? order.refusal,
      updated_at: time,
      processed_at: move.ends ? time : order.processed_at,
    };
    await context.tx.execute(
      `UPDATE points_exchange_records SET status = ?, tracking_carrier = ?, tracking_number = ?, fulfilment_code = ?, note = ?,
       refusal = ?, updated_at = ?, processed_at = ? WHERE id = ?`,
      [
        after.status,
        after.tracking_carrier,
        after.tracking_number,
        after.fulfilment_code,
        after.note,
        after.refusal,
        after.updated_at,
        after.processed_at,
        order.id,
      ],
    );
    const { actor, note = null } = wanted;
    await writeStep(context, { orderId: order.id, from: move.from, to: move.to, actor, note });
    return after;
  }

  /** Points, stock and limit go back. The key of the posting is the order's: a second one is impossible. */
  private async refund(context: CommandContext, account: Account, order: OrderRow, move: DecidedMove): Promise<void> {
    const { tx } = context;
    const { exchange_id, user_id, quantity, period_key, points_cost } = order;
    await moveStock(tx, exchange_id, { stock: move.restocks ? -quantity : 0, used: -quantity });
    const bought = await lockBuyer(tx, exchange_id, user_id);
    const isSamePeriod = bought.periodKey === period_key;
    await writeBuyer(tx, exchange_id, user_id, {
      total: Math.max(0, bought.total - quantity),
      periodKey: bought.periodKey,
      inPeriod: isSamePeriod ? Math.max(0, bought.inPeriod - quantity) : bought.inPeriod,
    });
    await this.ledger.post(context, account, [
      { type: 'shop_refund', points: points_cost, description: `#${order.id}`, key: `shop_refund:${order.id}` },
    ]);
    tx.afterCommit(() => this.refunded.inc(points_cost));
  }

  private tell(context: CommandContext, before: OrderRow, after: OrderRow, move: DecidedMove, by: OrderActor): void {
    const { user_id, exchange_id, reward_type, tracking_carrier, tracking_number, note, refusal } = after;
    const { id: order_id, name } = orderViewOf(after);
    const facts = {
      order_id,
      user_id,
      exchange_id,
      reward_type,
      name,
      tracking_carrier,
      tracking_number,
      note,
      refusal,
    };
    const points_refunded = move.refunds ? after.points_cost : 0;
    context.emit(
      OrderMoved,
      { ...facts, from: move.from, to: move.to, by, points_refunded, channel: context.call.channel },
      { user_id, before: { status: before.status }, after: { status: after.status, order_id } },
    );
    const change = { user_id, after: { order_id } };
    if (move.grants) context.emit(ItemGranted, grantOf(after), change);
    if (move.revokes) context.emit(ItemRevoked, grantOf(after), change);
    context.tx.afterCommit(() => this.moves.labels(move.to).inc());
  }
}

/** Writes down one step of an order's life. */
export async function writeStep({ tx, now, call }: CommandContext, step: Step): Promise<void> {
  await tx.insert('points_exchange_steps', {
    order_id: step.orderId,
    from_status: step.from,
    to_status: step.to,
    actor_kind: step.actor,
    // What follows from a member's message by itself is nobody's deed.
    actor_user_id: step.actor !== 'system' && call.actor.kind === 'user' ? call.actor.user_id : null,
    note: step.note,
    created_at: sqlTime(now),
  });
}
