import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A submission. Its duplicate key is the hash of what was handed in, so that the same work is not rewarded twice (P-05). */
@Entity({ name: 'contents' })
@Index('uq_contents_duplicate_key', ['duplicate_key'], { unique: true })
@Index('idx_contents_status', ['status', 'id'])
@Index('idx_contents_user_id', ['user_id'])
export class ContentEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'bigint' })
  user_id!: number;

  /** text, link or photo. */
  @Column({ type: 'varchar', length: 16 })
  kind!: string;

  @Column({ type: 'varchar', length: 120 })
  title!: string;

  @Column({ type: 'text', nullable: true })
  body!: string | null;

  @Column({ type: 'varchar', length: 500, nullable: true })
  link!: string | null;

  @Column({ type: 'varchar', length: 200, nullable: true })
  photo_file_id!: string | null;

  /** Followed by the id once it was rejected or withdrawn, so that it may be handed in again. */
  @Column({ type: 'varchar', length: 96 })
  duplicate_key!: string;

  /** pending, approved, rejected or withdrawn. */
  @Column({ type: 'varchar', length: 16 })
  status!: string;

  @Column({ type: 'int', nullable: true })
  points!: number | null;

  @Column({ type: 'varchar', length: 255, nullable: true })
  reason!: string | null;

  @Column({ type: 'bigint', nullable: true })
  decided_by!: number | null;

  @Column({ type: 'datetime', precision: 3 })
  submitted_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  decided_at!: string | null;
}

/** How much a member has handed in on a day; the row's lock makes the limit exact. */
@Entity({ name: 'content_days' })
export class ContentDayEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @PrimaryColumn({ type: 'varchar', length: 10 })
  day!: string;

  @Column({ type: 'int' })
  submissions!: number;
}
