import type { RestClient } from '../platform/index.js';
import type { ActivityOnOffer, ItemOnSale, Offers } from './expected.types.js';

interface Identified {
  readonly id: number;
}

/** Of this share of the members each can have one of what is scarce. */
const scarceShare = 0.1;
const price = 20;
const reward = 50;
const code = 'STAGE2026';
const hourMs = 3_600_000;

/**
 * As an admin: two items and two activities, of each one with enough for everybody and one with too little, and an item that is handed over
 * by hand. `days`: of the run.
 */
export async function prepareOffers(
  admin: RestClient,
  { memberCount, days }: { memberCount: number; days: { readonly first: Date; readonly last: Date } },
): Promise<Offers> {
  const scarce = Math.max(1, Math.floor(memberCount * scarceShare));
  const window = {
    starts_at: new Date(days.first.getTime() - hourMs).toISOString(),
    ends_at: new Date(days.last.getTime() + 24 * hourMs).toISOString(),
  };
  return {
    items: [
      await putOnSale(admin, { stock: memberCount * 100, isOncePerMember: false, isHandedOver: false }),
      await putOnSale(admin, { stock: scarce, isOncePerMember: true, isHandedOver: false }),
      await putOnSale(admin, { stock: memberCount * 100, isOncePerMember: false, isHandedOver: true }),
    ],
    activities: [await open(admin, window, memberCount), await open(admin, window, scarce)],
  };
}

async function putOnSale(admin: RestClient, terms: Omit<ItemOnSale, 'id' | 'price'>): Promise<ItemOnSale> {
  const { stock, isOncePerMember, isHandedOver } = terms;
  const body = {
    exchange_type: 'coupon',
    name: { zh: '券', en: 'Coupon', ru: 'Купон' },
    points_required: price,
    fulfilment: isHandedOver ? 'manual' : 'automatic',
    stock,
    limit_total: isOncePerMember ? 1 : null,
  };
  const { id } = await admin.post<Identified>('/v1/admin/exchanges', { body });
  return { id, price, ...terms };
}

async function open(
  admin: RestClient,
  window: { starts_at: string; ends_at: string },
  capacity: number,
): Promise<ActivityOnOffer> {
  const text = { zh: '活动', en: 'Event', ru: 'Событие' };
  const body = { title: text, description: text, ...window, capacity, points: reward, way: 'code', code };
  const { id } = await admin.post<Identified>('/v1/admin/activities', { body });
  await admin.call('PUT', `/v1/admin/activities/${id}/state`, { body: { state: 'open' } });
  return { id, points: reward, capacity, code };
}
