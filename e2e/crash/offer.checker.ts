import { differences, nameOf } from './difference.finder.js';
import type { ExpectedBooks } from './expected.types.js';
import type { Facts } from './platform.facts.js';

/** Whether what was sold and taken is there once, and whether what is left and what is gone make up what there was. */
export function offerViolations(expected: ExpectedBooks, facts: Facts): string[] {
  return [...shopViolations(expected, facts), ...activityViolations(expected, facts)];
}

function shopViolations({ members, items, soldOut }: ExpectedBooks, facts: Facts): string[] {
  const wanted = members.flatMap(({ userId, orders }) =>
    orders.map(({ id, itemId, points, status }) => nameOf(id, userId, itemId, 1, points, status)),
  );
  const found = facts.orders.map(({ id, user_id, exchange_id, quantity, points_cost, status }) =>
    nameOf(id, user_id, exchange_id, quantity, points_cost, status),
  );
  const ofItems = items.map(({ id, stock }) => {
    const sold = members.flatMap(({ orders }) =>
      orders.filter(({ itemId, status }) => itemId === id && status !== 'cancelled'),
    ).length;
    return nameOf(id, stock - sold, sold, sold);
  });
  const left = new Map(facts.items.map(({ id, stock }) => [id, stock]));
  return [
    ...differences('orders', wanted, found),
    ...differences(
      'stock',
      ofItems,
      facts.items.map(({ id, stock, used_count, bought }) => nameOf(id, stock, used_count, bought)),
    ),
    // Nothing scarce comes back in a run: who was refused was refused rightly only if nothing is left.
    ...[...soldOut].filter((id) => left.get(id) !== 0).map((id) => `stock: item ${id} was sold out, and is not`),
  ];
}

function activityViolations({ members, activities, full }: ExpectedBooks, facts: Facts): string[] {
  const wanted = members.flatMap(({ userId, seats }) =>
    seats.map(({ activityId, rewardedBalance }) => {
      const { points } = activities.find(({ id }) => id === activityId) ?? { points: null };
      return rewardedBalance === null
        ? nameOf(activityId, userId, 'joined', null)
        : nameOf(activityId, userId, 'completed', points);
    }),
  );
  const found = facts.participants.map(({ activity_id, user_id, status, points }) =>
    nameOf(activity_id, user_id, status, points),
  );
  const places = activities.map(({ id, capacity }) => {
    const taken = members.flatMap(({ seats }) => seats.filter(({ activityId }) => activityId === id)).length;
    return nameOf(id, capacity, taken);
  });
  return [
    ...differences('participants', wanted, found),
    ...differences(
      'activities',
      places,
      facts.activities.map(({ id, capacity, joined }) => nameOf(id, capacity, joined)),
    ),
    ...facts.activities
      .filter(({ id, joined, capacity }) => joined > capacity || (full.has(id) && joined !== capacity))
      .map(({ id, joined, capacity }) => `activities: ${id} has ${joined} of ${capacity} places taken`),
  ];
}
