import { Controller } from '@nestjs/common';
import { customAlphabet } from 'nanoid';
import type { Counter } from 'prom-client';
import { AppError, ItemGranted, OrderPlaced, PurchaseExchange, type HandledInputOf, type OutputOf } from '#contracts';
import { sqlTime } from '#database';
import { HandleCommand, requireUser, type CommandContext } from '#messaging';
import { InjectSettings, Metrics } from '#service';
import { AddressStore, type DeliveryAddress } from '../address/address.store.js';
import { communityDay } from '#calendar';
import { LedgerService } from '../ledger/ledger.service.js';
import type { PointsSettings } from '../points.env.js';
import { boughtInPeriod, periodKey, refusalToSell, type Bought } from './exchange.rules.js';
import {
  limitsOf,
  lockBuyer,
  lockExchange,
  moveStock,
  statusOfRow,
  writeBuyer,
  type ExchangeRow,
} from './exchange.store.js';
import { grantOf, orderViewOf, type OrderRow } from './order.store.js';
import { writeStep } from './order.writer.js';
import { isGivenAtOnce, membershipDaysOf } from './reward.rules.js';

/** Without look-alikes, for people read it to each other. 12 of 31 characters cannot be guessed. */
const freshCode = customAlphabet('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 12);

type Wish = HandledInputOf<typeof PurchaseExchange>;

/**
 * Exchanges points for an item (P-07) in one transaction: debit, stock, limit and order, or nothing. It locks in the order that
 * the whole shop keeps: account, item, buyer, order.
 */
@Controller()
export class PurchaseService {
  private readonly purchases: Counter<'type'>;
  private readonly spent: Counter<'type'>;

  constructor(
    private readonly ledger: LedgerService,
    private readonly addresses: AddressStore,
    @InjectSettings() private readonly settings: PointsSettings,
    metrics: Metrics,
  ) {
    this.purchases = metrics.counter('coser_shop_purchases_total', 'Orders of the exchange shop, by type of the item', [
      'type',
    ]);
    this.spent = metrics.counter('coser_shop_points_spent_total', 'Points exchanged in the shop, by type of the item', [
      'type',
    ]);
  }

  @HandleCommand(PurchaseExchange)
  async purchase(wish: Wish, context: CommandContext): Promise<OutputOf<typeof PurchaseExchange>> {
    const { tx, now, call } = context;
    const userId = requireUser(call);
    const account = await this.ledger.lockAccount(context, userId);
    const item = await lockExchange(tx, wish.exchange_id);
    if (!item || item.removed_at !== null) throw new AppError('shop.item_unknown');
    const bought = await lockBuyer(tx, item.id, userId);
    const period = periodKey(item.limit_period, communityDay(now, this.settings.COMMUNITY_TIMEZONE));
    refuseSale(item, wish, bought, period, now);
    const address = item.exchange_type === 'product' ? await this.addressOf(context, userId, wish.address_id) : null;
    const order = await this.insertOrder(context, item, wish.quantity, userId, period);
    if (address) await this.addresses.keepForOrder(tx, order.id, address);
    await moveStock(tx, item.id, { stock: wish.quantity, used: wish.quantity });
    await writeBuyer(tx, item.id, userId, {
      total: bought.total + wish.quantity,
      periodKey: period,
      inPeriod: boughtInPeriod(bought, period) + wish.quantity,
    });
    const { balance } = await this.ledger.post(context, account, [
      {
        type: 'shop_purchase',
        points: -order.points_cost,
        description: `#${order.id}`,
        key: `shop_purchase:${order.id}`,
      },
    ]);
    this.tell(context, order, account.balance, balance);
    return { ...orderViewOf(order), balance };
  }

  private tell(context: CommandContext, order: OrderRow, balanceBefore: number, balance: number): void {
    const { id, user_id, exchange_id, reward_type, quantity, points_cost, status } = order;
    const { name } = orderViewOf(order);
    const facts = { user_id, exchange_id, reward_type, name, quantity, points_cost, status, balance };
    context.emit(
      OrderPlaced,
      { ...facts, order_id: id, channel: context.call.channel },
      { user_id, before: { balance: balanceBefore }, after: { balance, order_id: id, status } },
    );
    if (status === 'completed') context.emit(ItemGranted, grantOf(order), { user_id, after: { order_id: id } });
    context.tx.afterCommit(() => {
      this.purchases.labels(reward_type).inc();
      this.spent.labels(reward_type).inc(points_cost);
    });
  }

  /** The named address, else the default one, as it is at this moment. */
  private async addressOf(
    { tx }: CommandContext,
    userId: number,
    addressId: number | undefined,
  ): Promise<DeliveryAddress> {
    const id = addressId ?? (await this.addresses.defaultIdOf(tx, userId));
    if (id === null) throw new AppError('shop.address_required');
    const row = await this.addresses.find(tx, userId, id);
    if (!row) throw new AppError('address.unknown');
    return this.addresses.read(row);
  }

  private async insertOrder(
    context: CommandContext,
    item: ExchangeRow,
    quantity: number,
    userId: number,
    period: string,
  ): Promise<OrderRow> {
    const time = sqlTime(context.now);
    const isDone = isGivenAtOnce(item);
    const row = {
      user_id: userId,
      exchange_id: item.id,
      exchange_version: item.version,
      reward_type: item.exchange_type,
      name_zh: item.name_zh,
      name_en: item.name_en,
      name_ru: item.name_ru,
      quantity,
      points_each: item.points_required,
      points_cost: item.points_required * quantity,
      reward_value: item.reward_value,
      reward_reference: item.reward_reference,
      status: isDone ? ('completed' as const) : ('paid' as const),
      period_key: period,
      tracking_carrier: null,
      tracking_number: null,
      fulfilment_code: isDone && item.exchange_type === 'coupon' ? freshCode() : null,
      note: null,
      refusal: null,
      created_at: time,
      updated_at: time,
      processed_at: isDone ? time : null,
    };
    const { insertId } = await context.tx.insert('points_exchange_records', row);
    await writeStep(context, { orderId: insertId, from: null, to: 'paid', actor: 'member', note: null });
    if (isDone) {
      await writeStep(context, { orderId: insertId, from: 'paid', to: 'completed', actor: 'system', note: null });
    }
    return { id: insertId, ...row };
  }
}

function refuseSale(item: ExchangeRow, wish: Wish, bought: Bought, period: string, now: Date): void {
  const offer = {
    status: statusOfRow(item, now),
    pointsRequired: item.points_required,
    stock: item.stock,
    limits: limitsOf(item),
    membershipDays: membershipDaysOf(item),
  };
  const wanted = { quantity: wish.quantity, expectedPoints: wish.expected_points };
  const refusal = refusalToSell(offer, wanted, bought, period);
  if (refusal) throw refusal;
}
