import { Controller } from '@nestjs/common';
import { UserCreated, type PayloadOf } from '#contracts';
import { sqlTime, type Tx } from '#database';
import { HandleEvent, type EventContext } from '#messaging';

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
}

async function writeRegistrations(registrations: readonly Registration[], tx: Tx): Promise<void> {
  const rows = [...registrations]
    .sort((left, right) => left.user_id - right.user_id)
    .map(({ user_id, registered_at }) => ({
      ...{ user_id, balance: 0, frozen: 0, version: 0 },
      ...{ updated_at: registered_at, registered_at },
    }));
  await tx.upsert('point_accounts', rows, { conflict: ['user_id'], update: ['registered_at'] });
}
