import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a member says about themselves and wants (U-11); there is a row from the first choice on. The language stands in `users`. */
@Entity({ name: 'user_settings' })
export class UserSettingsEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'varchar', length: 64, nullable: true })
  nickname!: string | null;

  @Column({ type: 'varchar', length: 512, nullable: true })
  avatar_url!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  timezone!: string | null;

  /** `YYYY-MM-DD` as text: a day has no time zone, and drivers would give it one. */
  @Column({ type: 'varchar', length: 10, nullable: true })
  birthday!: string | null;

  @Column({ type: 'varchar', length: 2, nullable: true })
  country!: string | null;

  @Column({ type: 'varchar', length: 6, nullable: true })
  province!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  city!: string | null;

  @Column({ type: 'tinyint' })
  show_in_leaderboards!: number;

  @Column({ type: 'tinyint' })
  remind_check_in!: number;

  @Column({ type: 'varchar', length: 5 })
  remind_check_in_at!: string;

  @Column({ type: 'tinyint' })
  remind_membership!: number;

  /** Grows with each change; readers of the event keep the newest. */
  @Column({ type: 'int' })
  version!: number;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  completed_at!: string | null;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;
}
