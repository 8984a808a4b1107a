import type { OrderStatus } from '#contracts';

export type OrderActor = 'member' | 'admin' | 'system';

interface Move {
  readonly from: OrderStatus;
  readonly to: OrderStatus;
  readonly by: readonly OrderActor[];
  /** What is shipped and what is handed over otherwise have different lives; undefined for both. */
  readonly shipped?: boolean;
}

const admins = ['admin', 'system'] as const;

/** Every move an order can make, and who may make it. What is not here is refused. */
const moves: readonly Move[] = [
  { from: 'paid', to: 'processing', by: admins },
  { from: 'paid', to: 'completed', by: admins, shipped: false },
  { from: 'paid', to: 'shipped', by: admins, shipped: true },
  { from: 'paid', to: 'cancelled', by: ['member', ...admins] },
  { from: 'processing', to: 'shipped', by: admins, shipped: true },
  { from: 'processing', to: 'completed', by: admins, shipped: false },
  { from: 'processing', to: 'cancelled', by: admins },
  { from: 'shipped', to: 'delivered', by: admins, shipped: true },
  { from: 'shipped', to: 'completed', by: ['member'], shipped: true },
  { from: 'delivered', to: 'completed', by: ['member', ...admins], shipped: true },
  { from: 'shipped', to: 'refunded', by: admins },
  { from: 'delivered', to: 'refunded', by: admins },
  { from: 'completed', to: 'refunded', by: admins },
];

export interface DecidedMove {
  readonly from: OrderStatus;
  readonly to: OrderStatus;
  /** The points go back to the member. */
  readonly refunds: boolean;
  /** What was sold goes back to the stock. */
  readonly restocks: boolean;
  /** The member is given it now, or it is taken back. */
  readonly grants: boolean;
  readonly revokes: boolean;
  /** Nothing is left to do. */
  readonly ends: boolean;
}

/** Decides a move of an order; null when it cannot be made from there, or not by them. */
export function decideMove(
  order: { readonly status: OrderStatus; readonly isProduct: boolean },
  to: OrderStatus,
  actor: OrderActor,
  goodsCameBack: boolean,
): DecidedMove | null {
  const { status: from, isProduct } = order;
  const found = moves.find(
    (move) =>
      move.from === from &&
      move.to === to &&
      move.by.includes(actor) &&
      (move.shipped === undefined || move.shipped === isProduct),
  );
  if (!found) return null;
  return {
    from,
    to,
    refunds: to === 'cancelled' || to === 'refunded',
    restocks: to === 'cancelled' || (to === 'refunded' && goodsCameBack),
    grants: to === 'completed' && !isProduct,
    revokes: to === 'refunded' && from === 'completed' && !isProduct,
    ends: to === 'completed' || to === 'cancelled' || to === 'refunded',
  };
}

/** What an actor can do with an order now. */
export function possibleMoves(
  order: { readonly status: OrderStatus; readonly isProduct: boolean },
  actor: OrderActor,
): OrderStatus[] {
  return [...new Set(moves.map(({ to }) => to))].filter((to) => decideMove(order, to, actor, false) !== null);
}
