import type { RealPlatform } from '../platform/index.js';
import { realStores, withAuditCollection } from './stores.js';

/** One damage that was done, and how the checks must name it. */
export interface Damage {
  readonly what: string;
  readonly sign: RegExp;
}

interface Numbered {
  id: number;
  user_id: number;
}

/** Damages one row in every store, each at another member, the way lost and doubled messages would. */
export async function tamperWithStores(platform: RealPlatform): Promise<Damage[]> {
  const damages: Damage[] = [];
  const stores = realStores(platform);
  const victims = await stores.rows<Numbered>(
    'points',
    'SELECT MIN(id) AS id, user_id FROM check_ins GROUP BY user_id ORDER BY user_id LIMIT 7',
  );
  const victim = (index: number): Numbered => victims[index] as Numbered;
  const change = async (service: 'points' | 'user' | 'notification', sql: string, what: string, sign: string) => {
    await stores.rows(service, sql);
    damages.push({ what, sign: new RegExp(sign) });
  };

  const lost = victim(0);
  await change(
    'points',
    `DELETE FROM check_ins WHERE id = ${lost.id}`,
    'a lost check-in',
    `^check_ins: missing \\[${lost.id},${lost.user_id},`,
  );
  const doubled = victim(1);
  await change(
    'points',
    `INSERT INTO point_records (user_id, points, type, balance_after, idempotency_key)
     SELECT user_id, points, type, balance_after, 'again' FROM point_records WHERE user_id = ${doubled.user_id} LIMIT 1`,
    'a doubled record',
    `^books: user ${doubled.user_id} has `,
  );
  const poorer = victim(2);
  await change(
    'points',
    `UPDATE point_accounts SET balance = balance - 1 WHERE user_id = ${poorer.user_id}`,
    'a wrong balance',
    `^point_accounts: missing \\[${poorer.user_id},`,
  );
  const stale = victim(3);
  await change(
    'user',
    `UPDATE users SET points = points - 10 WHERE id = ${stale.user_id}`,
    'a profile that missed an event',
    `^users: missing \\[${stale.user_id},`,
  );
  const untold = victim(4);
  await change(
    'notification',
    `DELETE FROM deliveries WHERE user_id = ${untold.user_id} AND template = 'check_in_receipt' LIMIT 1`,
    'a message that was never written',
    `^deliveries: missing ${untold.user_id} `,
  );
  const toldTwice = victim(5);
  await change(
    'notification',
    `UPDATE deliveries SET dedupe_key = CONCAT('x', dedupe_key) WHERE user_id = ${toldTwice.user_id} LIMIT 1`,
    'a message of another event',
    `^deliveries: unexpected ${toldTwice.user_id} `,
  );
  const unaudited = victim(6).user_id;
  await withAuditCollection(platform, (entries) =>
    entries.deleteOne({ event: 'points.checked_in.v1', user_id: unaudited }),
  );
  damages.push({ what: 'a lost audit entry', sign: new RegExp(`^audit of check-ins: missing \\[${unaudited},`) });
  return damages;
}
