import { Controller } from '@nestjs/common';
import { ErasureStarted, type PayloadOf } from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { MailSender } from './mail.sender.js';

const addressesAtMost = 100;

/** Removes a member's mails from the embedded outbox (U-15). Files know no transaction: when it is repeated they are gone already. */
@Controller()
export class MailOutboxEraser {
  constructor(private readonly mail: MailSender) {}

  @HandleEvent(ErasureStarted)
  async erase({ user_id: userId }: PayloadOf<typeof ErasureStarted>, { tx }: EventContext): Promise<void> {
    const rows = await tx.query<{ address: string }>(
      `SELECT recipient AS address FROM deliveries WHERE user_id = ? AND recipient IS NOT NULL
       UNION SELECT email FROM contacts WHERE user_id = ? AND email IS NOT NULL LIMIT ${addressesAtMost}`,
      [userId, userId],
    );
    await this.mail.forget(rows.map(({ address }) => address));
  }
}
