import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** The membership a user has or had last: one row each, locked first by whoever changes it. */
@Entity({ name: 'memberships' })
@Index('idx_memberships_expires_at', ['expires_at'])
export class MembershipEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  /** Null until the first period begins. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  kind!: string | null;

  @Column({ type: 'varchar', length: 32, nullable: true })
  plan!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  started_at!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  expires_at!: string | null;
}

/** Every period that ever began (E-01). */
@Entity({ name: 'membership_periods' })
@Index('idx_membership_periods_user_id', ['user_id'])
export class MembershipPeriodEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'varchar', length: 16 })
  kind!: string;

  @Column({ type: 'varchar', length: 32 })
  plan!: string;

  /** trial, code, invitation, inviter_reward, withdrawn, granted, exchanged or taken_back. */
  @Column({ type: 'varchar', length: 16 })
  reason!: string;

  @Column({ type: 'datetime', precision: 3 })
  started_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  expires_at!: string | null;

  @Column({ type: 'bigint', nullable: true })
  invite_code_id!: number | null;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}
