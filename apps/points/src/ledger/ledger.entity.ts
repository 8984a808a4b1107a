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

  /** Grows with every posting. */
  @Column({ type: 'bigint' })
  version!: number;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;
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

  /** 1 check-in, 2 activity, 3 transfer, 4 streak bonus. */
  @Column({ type: 'tinyint' })
  type!: number;

  @Column({ type: 'varchar', length: 255, nullable: true })
  description!: string | null;

  @Column({ type: 'bigint' })
  balance_after!: number;

  /** The business fact this posting belongs to, for example `check_in:42:2026-03-01`. */
  @Column({ type: 'varchar', length: 96 })
  idempotency_key!: string;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}
