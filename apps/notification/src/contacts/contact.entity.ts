import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How a member is reached: a projection of the user service's events, which may come late, twice, or after a delivery that needs it. */
@Entity({ name: 'contacts' })
export class ContactEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'varchar', length: 21, nullable: true })
  telegram_id!: string | null;

  @Column({ type: 'varchar', length: 128, nullable: true })
  first_name!: string | null;

  @Column({ type: 'varchar', length: 8, nullable: true })
  locale!: string | null;

  /** When name and language were as they stand here. A mark of its own: events about the mailbox say nothing about the name. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  profile_seen_at!: string | null;

  @Column({ type: 'varchar', length: 320, nullable: true })
  email!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  email_seen_at!: string | null;

  /** When Telegram last said that this chat takes no messages; null while it does. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  telegram_blocked_at!: string | null;
}
