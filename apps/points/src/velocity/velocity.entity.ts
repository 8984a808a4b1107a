import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** What is watched (P-09). */
@Entity({ name: 'velocity_rules' })
export class VelocityRuleEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'varchar', length: 64 })
  name!: string;

  /** member, type or platform. */
  @Column({ type: 'varchar', length: 16 })
  scope!: string;

  /** earned, spent or both. */
  @Column({ type: 'varchar', length: 8 })
  direction!: string;

  @Column({ type: 'varchar', length: 32, nullable: true })
  record_type!: string | null;

  @Column({ type: 'int' })
  window_minutes!: number;

  @Column({ type: 'bigint', nullable: true })
  points_at_most!: number | null;

  @Column({ type: 'bigint', nullable: true })
  records_at_most!: number | null;

  @Column({ type: 'tinyint' })
  enabled!: number;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;
}

/** What came in one slice of time for one subject of one rule. A window is the sum of its slices. */
@Entity({ name: 'velocity_counters' })
@Index('idx_velocity_counters_age', ['rule_id', 'slice_at'])
export class VelocityCounterEntity {
  @PrimaryColumn({ type: 'bigint' })
  rule_id!: number;

  @PrimaryColumn({ type: 'varchar', length: 48 })
  subject!: string;

  @PrimaryColumn({ type: 'datetime', precision: 3 })
  slice_at!: string;

  @Column({ type: 'bigint' })
  points!: number;

  @Column({ type: 'bigint' })
  records!: number;
}

/** A rule was broken. The unique key lets one alarm be open for a rule and a subject. */
@Entity({ name: 'velocity_alarms' })
@Index('uq_velocity_alarms_open_key', ['open_key'], { unique: true })
@Index('idx_velocity_alarms_subject', ['rule_id', 'subject', 'id'])
@Index('idx_velocity_alarms_state', ['state', 'id'])
export class VelocityAlarmEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'bigint' })
  rule_id!: number;

  @Column({ type: 'varchar', length: 48 })
  subject!: string;

  /** Rule and subject while it is not resolved, then null. */
  @Column({ type: 'varchar', length: 80, nullable: true })
  open_key!: string | null;

  @Column({ type: 'bigint' })
  points!: number;

  @Column({ type: 'bigint' })
  records!: number;

  /** open, acknowledged or resolved. */
  @Column({ type: 'varchar', length: 16 })
  state!: string;

  @Column({ type: 'datetime', precision: 3 })
  raised_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  last_seen_at!: string;

  @Column({ type: 'bigint', nullable: true })
  handled_by!: number | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  handled_at!: string | null;

  @Column({ type: 'varchar', length: 255, nullable: true })
  note!: string | null;
}

/** How far the ledger's records have been counted. */
@Entity({ name: 'velocity_cursors' })
export class VelocityCursorEntity {
  @PrimaryColumn({ type: 'varchar', length: 16 })
  name!: string;

  @Column({ type: 'bigint' })
  record_id!: number;
}
