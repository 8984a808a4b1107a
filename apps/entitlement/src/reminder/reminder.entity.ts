import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A reminder that was sent for an expiry; the primary key is the rule "once each" (U-06). */
@Entity({ name: 'membership_reminders' })
export class MembershipReminderEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @PrimaryColumn({ type: 'datetime', precision: 3 })
  expires_at!: string;

  /** three_days, one_day or expired. */
  @PrimaryColumn({ type: 'varchar', length: 16 })
  kind!: string;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}
