import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A rule; what it says stands in its current version (P-06). */
@Entity({ name: 'rules' })
@Index('uq_rules_rule_key', ['rule_key'], { unique: true })
export class RuleEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  /** Of the rules that are shipped. */
  @Column({ type: 'varchar', length: 48, nullable: true })
  rule_key!: string | null;

  @Column({ type: 'tinyint' })
  enabled!: number;

  @Column({ type: 'int' })
  version!: number;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;

  /** Since then it is kept for its history only, and off. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  removed_at!: string | null;
}

/** What a rule says or has said; never changed. */
@Entity({ name: 'rule_versions' })
export class RuleVersionEntity {
  @PrimaryColumn({ type: 'bigint' })
  rule_id!: number;

  @PrimaryColumn({ type: 'int' })
  version!: number;

  /** JSON: a text for each language. */
  @Column({ type: 'text' })
  title!: string;

  @Column({ type: 'varchar', length: 64 })
  event_type!: string;

  @Column({ type: 'text', nullable: true })
  condition_json!: string | null;

  @Column({ type: 'int' })
  points!: number;

  @Column({ type: 'varchar', length: 32, nullable: true })
  percent_field!: string | null;

  @Column({ type: 'int', nullable: true })
  percent!: number | null;

  @Column({ type: 'int', nullable: true })
  daily_limit!: number | null;

  @Column({ type: 'int', nullable: true })
  total_limit!: number | null;

  @Column({ type: 'int', nullable: true })
  daily_budget!: number | null;

  @Column({ type: 'int', nullable: true })
  total_budget!: number | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  starts_at!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  ends_at!: string | null;

  @Column({ type: 'bigint', nullable: true })
  created_by!: number | null;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}

/** The one switch of all rules: a single row. */
@Entity({ name: 'rule_switch' })
export class RuleSwitchEntity {
  @PrimaryColumn({ type: 'int' })
  id!: number;

  @Column({ type: 'tinyint' })
  is_on!: number;

  @Column({ type: 'varchar', length: 255, nullable: true })
  reason!: string | null;

  @Column({ type: 'datetime', precision: 3 })
  changed_at!: string;
}

/** What a rule has given: to a member or (user 0) to all, on a day or (day `all`) ever. Limits are decided under its lock. */
@Entity({ name: 'rule_counters' })
export class RuleCounterEntity {
  @PrimaryColumn({ type: 'bigint' })
  rule_id!: number;

  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @PrimaryColumn({ type: 'varchar', length: 10 })
  day!: string;

  @Column({ type: 'int' })
  rewards!: number;

  @Column({ type: 'bigint' })
  points!: number;
}
