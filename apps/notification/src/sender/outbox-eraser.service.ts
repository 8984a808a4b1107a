import { Controller } from '@nestjs/common';
import { ErasureStarted, type PayloadOf } from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { MailSender } from './mail.sender.js';
import { SmsSender } from './sms.sender.js';

const addressesAtMost = 100;
/** As many as the embedded outboxes keep. */
const codesAtMost = 1_000;

/** Removes what the embedded outboxes keep of a member (U-15). Files know no transaction: when it is repeated they are gone already. */
@Controller()
export class OutboxEraser {
  constructor(
    private readonly mail: MailSender,
    private readonly sms: SmsSender,
  ) {}

  @HandleEvent(ErasureStarted)
  async erase({ user_id: userId }: PayloadOf<typeof ErasureStarted>, { tx }: EventContext): Promise<void> {
    const rows = await tx.query<{ address: string }>(
      `SELECT recipient AS address FROM deliveries WHERE user_id = ? AND recipient IS NOT NULL
       UNION SELECT email FROM contacts WHERE user_id = ? AND email IS NOT NULL LIMIT ${addressesAtMost}`,
      [userId, userId],
    );
    // Codes went to an address or number that is in no row: their files are known by the delivery.
    const codes = await tx.query<{ dedupe_key: string }>(
      `SELECT dedupe_key FROM deliveries WHERE user_id = ? AND template IN ('email_code_mail', 'phone_code')
       ORDER BY id DESC LIMIT ${codesAtMost}`,
      [userId],
    );
    const keys = codes.map(({ dedupe_key }) => dedupe_key);
    await this.mail.forget(
      rows.map(({ address }) => address),
      keys,
    );
    await this.sms.forget(keys);
  }
}
