import { Controller } from '@nestjs/common';
import { VelocityAlarmRaised, type PayloadOf } from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { inGoodStanding, InjectSettings } from '#service';
import { DeliveryWriter } from '../deliveries/delivery.writer.js';
import type { NotificationSettings } from '../notification.env.js';

/** A community has fewer; beyond it something is wrong with the roles. */
const adminsAtMost = 100;

/** What every admin is told in a message of their own (P-09), besides the line in the log topic. */
@Controller()
export class AlarmNewsService {
  constructor(
    private readonly deliveries: DeliveryWriter,
    @InjectSettings() private readonly settings: NotificationSettings,
  ) {}

  @HandleEvent(VelocityAlarmRaised)
  async velocityAlarmRaised(alarm: PayloadOf<typeof VelocityAlarmRaised>, context: EventContext): Promise<void> {
    const { alarm_id, rule_name, user_id, record_type, points, records, window_minutes } = alarm;
    const facts = { alarm_id, rule_name, user_id, record_type, points, records, window_minutes };
    for (const userId of await this.adminIds(context)) {
      this.deliveries.tell(context, userId, { template: 'velocity_alarm', ...facts }, { part: String(userId) });
    }
  }

  /** By role, and the configured admin, whose role this service may not have heard of; nobody whose account is closed (U-01). */
  private async adminIds({ tx }: EventContext): Promise<number[]> {
    const admins = await tx.query<{ user_id: number }>(
      `SELECT user_id FROM contacts c WHERE role IN ('admin', 'super_admin') AND ${inGoodStanding('c.user_id')}
       ORDER BY user_id LIMIT ${adminsAtMost}`,
    );
    const configured = this.settings.TELEGRAM_ADMIN_ID;
    const named =
      configured === undefined
        ? []
        : await tx.query<{ user_id: number }>(
            `SELECT user_id FROM contacts c WHERE telegram_id = ? AND ${inGoodStanding('c.user_id')} LIMIT 1`,
            [configured],
          );
    return [...new Set([...admins, ...named].map(({ user_id }) => user_id))];
  }
}
