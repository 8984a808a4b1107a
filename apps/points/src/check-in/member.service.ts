import { Controller } from '@nestjs/common';
import { UserCreated, UserSettingsChanged, type PayloadOf } from '#contracts';
import { sqlTime, type Tx } from '#database';
import { HandleEvent, type EventContext } from '#messaging';
import { isErased, withoutErased } from '#service';

interface Registration {
  user_id: number;
  registered_at: string;
}

/** What service `user` tells of members, as far as check-ins depend on it: since when they are here (P-03). */
@Controller()
export class MemberService {
  @HandleEvent(UserCreated)
  async userCreated(
    { user_id, kind }: PayloadOf<typeof UserCreated>,
    { message, gather }: EventContext,
  ): Promise<void> {
    if (kind !== 'person') return;
    gather(writeRegistrations, { user_id, registered_at: sqlTime(new Date(message.occurred_at)) });
  }

  /** The member's own time zone: the newest version of the settings counts. */
  @HandleEvent(UserSettingsChanged)
  async settingsChanged(
    { user_id, timezone, version }: PayloadOf<typeof UserSettingsChanged>,
    { tx, now }: EventContext,
  ): Promise<void> {
    if (await isErased(tx, user_id)) return;
    const empty = { user_id, balance: 0, frozen: 0, version: 0, updated_at: sqlTime(now) };
    await tx.upsert('point_accounts', empty, { conflict: ['user_id'] });
    await tx.execute(
      'UPDATE point_accounts SET timezone = ?, settings_version = ? WHERE user_id = ? AND settings_version < ?',
      [timezone, version, user_id, version],
    );
  }
}

async function writeRegistrations(registrations: readonly Registration[], tx: Tx): Promise<void> {
  const rows = (await withoutErased(tx, registrations, ({ user_id }) => user_id))
    .sort((left, right) => left.user_id - right.user_id)
    .map(({ user_id, registered_at }) => ({
      ...{ user_id, balance: 0, frozen: 0, version: 0 },
      ...{ updated_at: registered_at, registered_at },
    }));
  if (rows.length > 0) await tx.upsert('point_accounts', rows, { conflict: ['user_id'], update: ['registered_at'] });
}
