import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** An exchange of points for an item (P-07), with the price, the names and the reward of the moment it was made. */
@Entity({ name: 'points_exchange_records' })
@Index('idx_points_exchange_records_user_id', ['user_id', 'id'])
@Index('idx_points_exchange_records_exchange_id', ['exchange_id', 'id'])
@Index('idx_points_exchange_records_status', ['status', 'id'])
export class OrderEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'bigint' })
  exchange_id!: number;

  @Column({ type: 'int' })
  exchange_version!: number;

  @Column({ type: 'varchar', length: 16 })
  reward_type!: string;

  @Column({ type: 'varchar', length: 100 })
  name_zh!: string;

  @Column({ type: 'varchar', length: 100 })
  name_en!: string;

  @Column({ type: 'varchar', length: 100 })
  name_ru!: string;

  @Column({ type: 'int' })
  quantity!: number;

  @Column({ type: 'int' })
  points_each!: number;

  @Column({ type: 'int' })
  points_cost!: number;

  @Column({ type: 'int', nullable: true })
  reward_value!: number | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  reward_reference!: string | null;

  /** paid, processing, shipped, delivered, completed, cancelled or refunded. */
  @Column({ type: 'varchar', length: 16 })
  status!: string;

  /** The period in which it counts against a limit. */
  @Column({ type: 'varchar', length: 16 })
  period_key!: string;

  @Column({ type: 'varchar', length: 64, nullable: true })
  tracking_carrier!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  tracking_number!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  fulfilment_code!: string | null;

  @Column({ type: 'varchar', length: 255, nullable: true })
  note!: string | null;

  /** Why what was bought could not be given. */
  @Column({ type: 'varchar', length: 32, nullable: true })
  refusal!: string | null;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  processed_at!: string | null;
}

/** One step of an order's life. */
@Entity({ name: 'points_exchange_steps' })
@Index('idx_points_exchange_steps_order_id', ['order_id', 'id'])
export class OrderStepEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'bigint' })
  order_id!: number;

  @Column({ type: 'varchar', length: 16, nullable: true })
  from_status!: string | null;

  @Column({ type: 'varchar', length: 16 })
  to_status!: string;

  /** member, admin or system. */
  @Column({ type: 'varchar', length: 8 })
  actor_kind!: string;

  @Column({ type: 'bigint', nullable: true })
  actor_user_id!: number | null;

  @Column({ type: 'varchar', length: 255, nullable: true })
  note!: string | null;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}

/** Where an order goes, encrypted: the address of the moment of purchase. */
@Entity({ name: 'points_exchange_addresses' })
export class OrderAddressEntity {
  @PrimaryColumn({ type: 'bigint' })
  order_id!: number;

  @Column({ type: 'text' })
  sealed!: string;
}
