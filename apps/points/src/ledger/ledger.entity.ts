import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A member's account. Written by the ledger alone; the balance is never negative and always the sum of the records (P-01). */
@Entity({ name: 'point_accounts' })
export class PointAccountEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'bigint' })
  balance!: number;

  @Column({ type: 'bigint' })
  frozen!: number;

  /** Grows with every change. */
  @Column({ type: 'bigint' })
  version!: number;

  /** Everything the member ever earned, whatever became of it: decides the level. */
  @Column({ type: 'bigint' })
  lifetime_earned!: number;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;

  /** The columns from here on belong to check-ins (`check-in/member.store.ts`): decided under the lock of this row, written with it. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  registered_at!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  timezone!: string | null;

  @Column({ type: 'bigint' })
  settings_version!: number;

  @Column({ type: 'varchar', length: 10, nullable: true })
  last_day!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  last_timezone!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  next_check_in_at!: string | null;

  @Column({ type: 'int' })
  streak_days!: number;

  @Column({ type: 'int' })
  streak_weeks!: number;

  @Column({ type: 'int' })
  streak_months!: number;

  @Column({ type: 'int' })
  total_days!: number;

  @Column({ type: 'int' })
  makeup_cards!: number;
}

/** One immutable posting, with the columns of the source document plus what makes it checkable. */
@Entity({ name: 'point_records' })
@Index('idx_user_id', ['user_id'])
@Index('idx_created_at', ['created_at'])
@Index('uq_point_records_key', ['idempotency_key'], { unique: true })
export class PointRecordEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'int' })
  points!: number;

  /** The numbers of `pointRecordTypes`: 1 check-in, 2 activity, 3 transfer, then continued. */
  @Column({ type: 'tinyint' })
  type!: number;

  @Column({ type: 'varchar', length: 255, nullable: true })
  description!: string | null;

  @Column({ type: 'bigint' })
  balance_after!: number;

  /** The business fact this posting belongs to, for example `check_in:42:2026-03-01`. */
  @Column({ type: 'varchar', length: 96 })
  idempotency_key!: string;

  /** The record that this one takes back. */
  @Column({ type: 'bigint', nullable: true })
  reverses_id!: number | null;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}

/** Points on hold; an account's `frozen` is the sum of what remains of its holds. */
@Entity({ name: 'point_holds' })
@Index('uq_point_holds_reference', ['reference'], { unique: true })
@Index('idx_point_holds_user', ['user_id'])
@Index('idx_point_holds_remaining', ['remaining'])
export class PointHoldEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'bigint' })
  points!: number;

  @Column({ type: 'bigint' })
  remaining!: number;

  /** The business fact behind it, for example `transfer:42`. */
  @Column({ type: 'varchar', length: 96 })
  reference!: string;

  @Column({ type: 'varchar', length: 255 })
  reason!: string;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;
}
