import { UserCreated } from '#contracts';
import { placeholders } from '#database';
import { eventually } from '#testing';
import type { ServiceHost } from '#testing/service.host';

/** Has service `user` tell of members; resolves when the ledger knows them. */
export async function registerMembers(host: ServiceHost, userIds: readonly number[]): Promise<void> {
  const names = { kind: 'person', first_name: 'Member', locale: 'en', role: 'member' } as const;
  await Promise.all(
    userIds.map((user_id) => host.tell(UserCreated, { user_id, telegram_id: String(90_000 + user_id), ...names })),
  );
  await eventually(async () => {
    const row = await host.database.reader.one<{ known: number | string }>(
      `SELECT COUNT(*) AS known FROM point_accounts
       WHERE registered_at IS NOT NULL AND user_id IN (${placeholders(userIds.length)})`,
      userIds,
    );
    if (Number(row?.known) < userIds.length) throw new Error(`not all of ${userIds.join(', ')} are known yet`);
  });
}
