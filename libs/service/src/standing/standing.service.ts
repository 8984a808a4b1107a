import { Controller } from '@nestjs/common';
import { UserStatusChanged, type PayloadOf } from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { recordStanding } from './standing.register.js';

/** How a service learns whom to refuse (U-01); goes under the controllers of each service but the one that decides it. */
@Controller()
export class StandingService {
  @HandleEvent(UserStatusChanged)
  async learn(payload: PayloadOf<typeof UserStatusChanged>, { tx, message }: EventContext): Promise<void> {
    await recordStanding(tx, payload.user_id, payload.status, new Date(message.occurred_at));
  }
}
