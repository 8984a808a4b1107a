import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A range of record ids without a gap to the one before; `digest` covers its rows and the digest before. */
@Entity({ name: 'ledger_seals' })
@Index('uq_ledger_seals_first', ['first_id'], { unique: true })
export class LedgerSealEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'bigint' })
  first_id!: number;

  @Column({ type: 'bigint' })
  last_id!: number;

  @Column({ type: 'int' })
  records!: number;

  @Column({ type: 'varchar', length: 64 })
  previous_digest!: string;

  @Column({ type: 'varchar', length: 64 })
  digest!: string;

  @Column({ type: 'datetime', precision: 3 })
  sealed_at!: string;
}

/** An account whose books do not add up; gone when they do again. */
@Entity({ name: 'point_imbalances' })
export class PointImbalanceEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'varchar', length: 32 })
  problem!: string;

  @Column({ type: 'datetime', precision: 3 })
  found_at!: string;
}
