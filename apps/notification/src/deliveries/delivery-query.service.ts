import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import {
  ListDeliveries,
  type deliveryStatusSchema,
  type DeliveryChannel,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isoTime, isoTimeOrNull, type SqlTime, type SqlValue } from '#database';
import { HandleQuery, requirePermission, type QueryContext } from '#messaging';

interface DeliveryRow {
  id: number;
  user_id: number;
  channel: DeliveryChannel;
  template: string;
  status: z.output<typeof deliveryStatusSchema>;
  broadcast_id: number | null;
  attempts: number;
  last_error: string | null;
  created_at: SqlTime;
  sent_at: SqlTime | null;
}

/** What was and will be sent to whom, for admins. */
@Controller()
export class DeliveryQueryService {
  @HandleQuery(ListDeliveries)
  async listDeliveries(
    input: HandledInputOf<typeof ListDeliveries>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListDeliveries>> {
    requirePermission(call, 'delivery.read');
    const { where, values } = filterOf(input);
    const total = await reader.count(`deliveries ${where}`, values);
    const offset = (input.page - 1) * input.page_size;
    const rows = await reader.query<DeliveryRow>(
      `SELECT id, user_id, channel, template, status, attempts, last_error, created_at, sent_at, broadcast_id
       FROM deliveries ${where}
       ORDER BY id DESC LIMIT ${input.page_size} OFFSET ${offset}`,
      values,
    );
    const items = rows.map((row) => ({
      ...row,
      created_at: isoTime(row.created_at),
      sent_at: isoTimeOrNull(row.sent_at),
    }));
    return { items, page: input.page, page_size: input.page_size, total };
  }
}

function filterOf(input: HandledInputOf<typeof ListDeliveries>): { where: string; values: SqlValue[] } {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  if (input.user_id !== undefined) {
    conditions.push('user_id = ?');
    values.push(input.user_id);
  }
  if (input.status !== undefined) {
    conditions.push('status = ?');
    values.push(input.status);
  }
  if (input.broadcast_id !== undefined) {
    conditions.push('broadcast_id = ?');
    values.push(input.broadcast_id);
  }
  return { where: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', values };
}
