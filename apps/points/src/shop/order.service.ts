import { Controller } from '@nestjs/common';
import { CancelMyOrder, ConfirmMyOrder, MoveOrder, type HandledInputOf, type OutputOf } from '#contracts';
import { HandleCommand, requirePermission, requireUser, type CommandContext } from '#messaging';
import { OrderWriter } from './order.writer.js';

/** What members and admins do with orders (P-07); which of it is possible says `order-state.rules.ts`. */
@Controller()
export class OrderService {
  constructor(private readonly orders: OrderWriter) {}

  @HandleCommand(CancelMyOrder)
  cancel(
    { id }: HandledInputOf<typeof CancelMyOrder>,
    context: CommandContext,
  ): Promise<OutputOf<typeof CancelMyOrder>> {
    return this.orders.move(context, { id, to: 'cancelled', actor: 'member', ownerId: requireUser(context.call) });
  }

  @HandleCommand(ConfirmMyOrder)
  confirm(
    { id }: HandledInputOf<typeof ConfirmMyOrder>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ConfirmMyOrder>> {
    return this.orders.move(context, { id, to: 'completed', actor: 'member', ownerId: requireUser(context.call) });
  }

  @HandleCommand(MoveOrder)
  async move(input: HandledInputOf<typeof MoveOrder>, context: CommandContext): Promise<OutputOf<typeof MoveOrder>> {
    requirePermission(context.call, 'order.move');
    return this.orders.move(context, {
      id: input.id,
      to: input.status,
      actor: context.call.actor.kind === 'system' ? 'system' : 'admin',
      note: input.note,
      trackingCarrier: input.tracking_carrier,
      trackingNumber: input.tracking_number,
      fulfilmentCode: input.fulfilment_code,
      restock: input.restock,
    });
  }
}
