import { Controller } from '@nestjs/common';
import {
  AppError,
  GetMyOrder,
  GetOrder,
  ListMyOrders,
  ListOrders,
  type HandledInputOf,
  type OrderStatus,
  type OutputOf,
} from '#contracts';
import { isoTime, type Reader, type SqlTime, type SqlValue } from '#database';
import { HandleQuery, requirePermission, requireUser, type QueryContext } from '#messaging';
import { AddressStore } from '../address/address.store.js';
import type { OrderActor } from './order-state.rules.js';
import {
  listedOrderViewOf,
  memberOrderViewOf,
  orderColumns,
  orderViewOf,
  type OrderRow,
  type OrderView,
} from './order.store.js';

const stepsAtMost = 50;

interface StepRow {
  from_status: OrderStatus | null;
  to_status: OrderStatus;
  actor_kind: OrderActor;
  note: string | null;
  created_at: SqlTime;
}

type Filter = Partial<Record<'user_id' | 'exchange_id' | 'status' | 'reward_type', SqlValue | undefined>>;

/** Orders for their members and for admins (P-07). */
@Controller()
export class OrderQueryService {
  constructor(private readonly addresses: AddressStore) {}

  @HandleQuery(ListMyOrders)
  listMine(
    input: HandledInputOf<typeof ListMyOrders>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListMyOrders>> {
    return pageOfOrders(reader, { user_id: requireUser(call), status: input.status }, input, memberOrderViewOf);
  }

  @HandleQuery(GetMyOrder)
  getMine(
    { id }: HandledInputOf<typeof GetMyOrder>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetMyOrder>> {
    return this.detail(reader, id, requireUser(call));
  }

  @HandleQuery(ListOrders)
  async list(
    input: HandledInputOf<typeof ListOrders>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListOrders>> {
    requirePermission(call, 'order.read');
    const { user_id, exchange_id, status, reward_type } = input;
    return pageOfOrders(reader, { user_id, exchange_id, status, reward_type }, input, listedOrderViewOf);
  }

  @HandleQuery(GetOrder)
  async get(
    { id }: HandledInputOf<typeof GetOrder>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetOrder>> {
    requirePermission(call, 'order.read');
    return this.detail(reader, id, null);
  }

  private async detail(reader: Reader, id: number, ownerId: number | null): Promise<OutputOf<typeof GetOrder>> {
    const row = await reader.one<OrderRow>(`SELECT ${orderColumns} FROM points_exchange_records WHERE id = ?`, [id]);
    if (!row || (ownerId !== null && row.user_id !== ownerId)) throw new AppError('shop.order_unknown');
    const [steps, address] = await Promise.all([
      reader.query<StepRow>(
        `SELECT from_status, to_status, actor_kind, note, created_at FROM points_exchange_steps
         WHERE order_id = ? ORDER BY id LIMIT ${stepsAtMost}`,
        [id],
      ),
      this.addresses.readOfOrder(reader, id),
    ]);
    return {
      ...(ownerId === null ? orderViewOf(row) : memberOrderViewOf(row)),
      delivery_address: address,
      steps: steps.map((step) => ({
        from: step.from_status,
        to: step.to_status,
        by: step.actor_kind,
        note: step.note,
        at: isoTime(step.created_at),
      })),
    };
  }
}

async function pageOfOrders(
  reader: Reader,
  filter: Filter,
  { page, page_size }: { page: number; page_size: number },
  viewOf: (row: OrderRow) => OrderView,
): Promise<OutputOf<typeof ListOrders>> {
  const given = Object.entries(filter).filter((entry): entry is [string, SqlValue] => entry[1] !== undefined);
  const where = given.length === 0 ? '1 = 1' : given.map(([column]) => `${column} = ?`).join(' AND ');
  const values = given.map(([, value]) => value);
  const total = await reader.count(`points_exchange_records WHERE ${where}`, values);
  const rows = await reader.query<OrderRow>(
    `SELECT ${orderColumns} FROM points_exchange_records WHERE ${where}
     ORDER BY id DESC LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
    values,
  );
  return { items: rows.map(viewOf), page, page_size, total };
}
