import type { OrderStatus } from '#contracts';

/** What an admin can want of an order. `refunded_back`: with the goods back in stock. */
export const orderWishes = [
  'processing',
  'shipped',
  'delivered',
  'completed',
  'cancelled',
  'refunded',
  'back',
] as const;
export type OrderWish = (typeof orderWishes)[number];

/** The states in which something is still to be done, in their order. */
export const openStatuses = ['paid', 'processing', 'shipped', 'delivered'] as const satisfies readonly OrderStatus[];

/**
 * What is offered for an order. The order's own rules decide when it is pressed: this only spares admins what would be refused, and is
 * tried against them in the tests of the whole platform.
 */
export function wishesFor({ status, isProduct }: { status: OrderStatus; isProduct: boolean }): readonly OrderWish[] {
  const handOver: OrderWish = isProduct ? 'shipped' : 'completed';
  switch (status) {
    case 'paid':
      return ['processing', handOver, 'cancelled'];
    case 'processing':
      return [handOver, 'cancelled'];
    case 'shipped':
      return ['delivered', 'refunded', 'back'];
    case 'delivered':
      return ['completed', 'refunded', 'back'];
    case 'completed':
      return isProduct ? ['refunded', 'back'] : ['refunded'];
    case 'cancelled':
    case 'refunded':
      return [];
  }
}

const trackingAtMost = 64;

/** `SF Express` in the first line and the number in the second, or the number alone; null when it is neither. */
export function parseTracking(text: string): { readonly carrier?: string; readonly number: string } | null {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0 || lines.length > 2 || lines.some((line) => line.length > trackingAtMost)) return null;
  const [first = '', second] = lines;
  return second === undefined ? { number: first } : { carrier: first, number: second };
}
