import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A correction of a member's points by an admin (P-09): applied at once, or waiting for another admin. */
@Entity({ name: 'point_adjustments' })
@Index('idx_point_adjustments_user_id', ['user_id', 'requested_at'])
@Index('idx_point_adjustments_state', ['state', 'expires_at'])
export class AdjustmentEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'int' })
  points!: number;

  @Column({ type: 'varchar', length: 255 })
  reason!: string;

  /** pending, applied or rejected; that a pending one has expired is a fact of the clock. */
  @Column({ type: 'varchar', length: 16 })
  state!: string;

  @Column({ type: 'bigint' })
  requested_by!: number;

  @Column({ type: 'datetime', precision: 3 })
  requested_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  expires_at!: string | null;

  /** The second admin; null where none was needed or none has decided yet. */
  @Column({ type: 'bigint', nullable: true })
  decided_by!: number | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  decided_at!: string | null;

  @Column({ type: 'varchar', length: 255, nullable: true })
  decision_note!: string | null;

  @Column({ type: 'bigint', nullable: true })
  balance_after!: number | null;
}
