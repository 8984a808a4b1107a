import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A person or a group (U-01): the source document's columns, then ours. `points` and `membership_*` are projections of events. */
@Entity({ name: 'users' })
@Index('uq_users_telegram_id', ['telegram_id'], { unique: true })
@Index('uq_users_email', ['email'], { unique: true })
@Index('uq_users_email_canonical', ['email_canonical'], { unique: true })
@Index('idx_telegram_id', ['telegram_id'])
@Index('idx_email', ['email'])
@Index('idx_users_username', ['username'])
@Index('idx_users_first_name', ['first_name'])
export class UserEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'varchar', length: 32 })
  telegram_id!: string;

  @Column({ type: 'varchar', length: 128, nullable: true })
  email!: string | null;

  /** 1 active, 2 banned, 3 deletion pending. */
  @Column({ type: 'tinyint' })
  status!: number;

  @Column({ type: 'bigint' })
  points!: number;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;

  @Column({ type: 'varchar', length: 8 })
  kind!: 'person' | 'group';

  @Column({ type: 'varchar', length: 128 })
  first_name!: string;

  @Column({ type: 'varchar', length: 64, nullable: true })
  username!: string | null;

  @Column({ type: 'varchar', length: 2 })
  locale!: string;

  @Column({ type: 'varchar', length: 16 })
  role!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  role_changed_at!: string | null;

  /** Names the contact that made the row. */
  @Column({ type: 'varchar', length: 36 })
  creation_id!: string;

  /** The form in which an address is unique. */
  @Column({ type: 'varchar', length: 160, nullable: true })
  email_canonical!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  email_bound_at!: string | null;

  @Column({ type: 'bigint' })
  points_version!: number;

  @Column({ type: 'varchar', length: 16, nullable: true })
  membership_kind!: string | null;

  @Column({ type: 'varchar', length: 32, nullable: true })
  membership_plan!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  membership_started_at!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  membership_expires_at!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  membership_changed_at!: string | null;
}
