import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A message to many (N-10). Who got it stands in `deliveries`, one row per recipient. */
@Entity({ name: 'broadcasts' })
@Index('idx_broadcasts_status', ['status'])
export class BroadcastEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'varchar', length: 100 })
  title!: string;

  /** JSON: text by language. */
  @Column({ type: 'text' })
  texts!: string;

  @Column({ type: 'varchar', length: 8, nullable: true })
  fallback!: string | null;

  /** JSON. */
  @Column({ type: 'text' })
  segment!: string;

  /** draft, scheduled, sending, paused, finished, cancelled or expired. */
  @Column({ type: 'varchar', length: 16 })
  status!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  starts_at!: string | null;

  @Column({ type: 'int' })
  skip_after_minutes!: number;

  /** Set when it is confirmed: nobody gets it after that. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  expires_at!: string | null;

  /** How many there were when it was confirmed. */
  @Column({ type: 'int', nullable: true })
  recipients!: number | null;

  /** The last member who has been looked at: members are gone through by id. */
  @Column({ type: 'bigint' })
  gone_through!: number;

  @Column({ type: 'int' })
  written!: number;

  @Column({ type: 'int' })
  left_out!: number;

  /** 1 when no member is left to look at. */
  @Column({ type: 'tinyint' })
  all_written!: number;

  @Column({ type: 'bigint' })
  created_by!: number;

  @Column({ type: 'varchar', length: 64 })
  request_id!: string;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  finished_at!: string | null;
}

/** Who is in which group: a projection of the user service's events, for segments. */
@Entity({ name: 'contact_groups' })
export class ContactGroupEntity {
  @PrimaryColumn({ type: 'bigint' })
  group_id!: number;

  @PrimaryColumn({ type: 'varchar', length: 21 })
  telegram_id!: string;

  @Column({ type: 'varchar', length: 16 })
  standing!: string;

  @Column({ type: 'datetime', precision: 3 })
  changed_at!: string;
}
