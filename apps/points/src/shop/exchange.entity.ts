import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** What points can be exchanged for (P-07): the columns of the source document, three languages, limits and a window. */
@Entity({ name: 'points_exchanges' })
@Index('idx_points_exchanges_shelf', ['removed_at', 'enabled', 'sort_order'])
export class ExchangeEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  /** balance, coupon, product or privilege. */
  @Column({ type: 'varchar', length: 16 })
  exchange_type!: string;

  @Column({ type: 'varchar', length: 100 })
  name_zh!: string;

  @Column({ type: 'varchar', length: 100 })
  name_en!: string;

  @Column({ type: 'varchar', length: 100 })
  name_ru!: string;

  @Column({ type: 'varchar', length: 1000 })
  description_zh!: string;

  @Column({ type: 'varchar', length: 1000 })
  description_en!: string;

  @Column({ type: 'varchar', length: 1000 })
  description_ru!: string;

  @Column({ type: 'varchar', length: 255, nullable: true })
  image!: string | null;

  @Column({ type: 'int' })
  points_required!: number;

  @Column({ type: 'int', nullable: true })
  reward_value!: number | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  reward_reference!: string | null;

  /** automatic or manual. */
  @Column({ type: 'varchar', length: 16 })
  fulfilment!: string;

  /** What is left; null is unlimited. A check keeps it from going below zero. */
  @Column({ type: 'int', nullable: true })
  stock!: number | null;

  @Column({ type: 'int' })
  used_count!: number;

  @Column({ type: 'int', nullable: true })
  limit_total!: number | null;

  @Column({ type: 'int', nullable: true })
  limit_per_period!: number | null;

  /** day, week or month of the community's calendar. */
  @Column({ type: 'varchar', length: 8, nullable: true })
  limit_period!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  starts_at!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  ends_at!: string | null;

  @Column({ type: 'tinyint' })
  enabled!: number;

  @Column({ type: 'int' })
  sort_order!: number;

  @Column({ type: 'int' })
  version!: number;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  removed_at!: string | null;
}

/** How many of an item a member has. Locked before it is read, so that no crowd gets past a limit. */
@Entity({ name: 'points_exchange_buyers' })
export class ExchangeBuyerEntity {
  @PrimaryColumn({ type: 'bigint' })
  exchange_id!: number;

  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'int' })
  bought_total!: number;

  /** The calendar period that `bought_in_period` counts, for example `month:2026-03`. */
  @Column({ type: 'varchar', length: 16 })
  period_key!: string;

  @Column({ type: 'int' })
  bought_in_period!: number;
}
