import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** When a member wants to be reminded of the check-in next (U-11); the row moves on with each reminder, which is what makes it single. */
@Entity({ name: 'check_in_reminders' })
@Index('idx_check_in_reminders_next_at', ['next_at'])
export class CheckInReminderEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  /** `HH:MM` in the member's time zone. */
  @Column({ type: 'varchar', length: 5 })
  remind_at!: string;

  @Column({ type: 'varchar', length: 64 })
  timezone!: string;

  /** Null: no reminders are wanted. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  next_at!: string | null;

  /** The version of the settings that said so. */
  @Column({ type: 'bigint' })
  settings_version!: number;
}
