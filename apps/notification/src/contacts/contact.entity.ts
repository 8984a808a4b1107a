import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How a member is reached: a projection of the user service's events, which may come late, twice, or after a delivery that needs it. */
@Entity({ name: 'contacts' })
@Index('idx_contacts_telegram_id', ['telegram_id'])
@Index('idx_contacts_role', ['role'])
export class ContactEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'varchar', length: 21, nullable: true })
  telegram_id!: string | null;

  @Column({ type: 'varchar', length: 128, nullable: true })
  first_name!: string | null;

  @Column({ type: 'varchar', length: 8, nullable: true })
  locale!: string | null;

  /** As the user service tells it; null while it has not. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  role!: string | null;

  /** When name, language and role were as they stand here. A mark of its own: events about the mailbox say nothing about the name. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  profile_seen_at!: string | null;

  @Column({ type: 'varchar', length: 320, nullable: true })
  email!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  email_seen_at!: string | null;

  /** When Telegram last said that this chat takes no messages; null while it does. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  telegram_blocked_at!: string | null;

  /** When Telegram last said that this member blocked the bot or came back. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  telegram_reach_at!: string | null;

  /** trial, formal or permanent; null for somebody who has never been a member. Whether it has ended is the clock's matter. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  membership_kind!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  membership_expires_at!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  membership_changed_at!: string | null;

  /** Whether the member wants these reminders; null while they have said nothing. */
  @Column({ type: 'tinyint', nullable: true })
  remind_check_in!: number | null;

  @Column({ type: 'tinyint', nullable: true })
  remind_membership!: number | null;

  /** Of the settings that say so. */
  @Column({ type: 'bigint' })
  settings_version!: number;

  /** The last thing the member did that left an event, about to the day. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  active_at!: string | null;
}
