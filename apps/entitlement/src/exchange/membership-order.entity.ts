import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What became of an order that gives membership days (P-07): the order's number lets it be given, and taken back, once. */
@Entity({ name: 'membership_orders' })
@Index('idx_membership_orders_user_id', ['user_id', 'begins_ms'])
export class MembershipOrderEntity {
  @PrimaryColumn({ type: 'bigint' })
  order_id!: number;

  @Column({ type: 'bigint' })
  user_id!: number;

  /** new (never committed), given, refused or taken_back. */
  @Column({ type: 'varchar', length: 16 })
  state!: string;

  @Column({ type: 'int' })
  days!: number;

  /** Why nothing was given. */
  @Column({ type: 'varchar', length: 32, nullable: true })
  refusal!: string | null;

  /** Where its days lie, in milliseconds since 1970: they move when days before them are taken back. */
  @Column({ type: 'bigint', nullable: true })
  begins_ms!: number | null;

  @Column({ type: 'bigint', nullable: true })
  ends_ms!: number | null;

  /** What the membership was that these days prolonged; null when none was alive. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  kind_before!: string | null;

  @Column({ type: 'varchar', length: 32, nullable: true })
  plan_before!: string | null;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;
}
