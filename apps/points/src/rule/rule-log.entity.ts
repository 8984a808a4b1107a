import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An event that rules could name, kept for a month for dry runs and explanations (P-06). */
@Entity({ name: 'rule_events' })
@Index('idx_rule_events_type', ['event_type', 'occurred_at'])
@Index('idx_rule_events_user_id', ['user_id'])
@Index('idx_rule_events_occurred_at', ['occurred_at'])
export class RuleEventEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  event_id!: string;

  @Column({ type: 'varchar', length: 64 })
  event_type!: string;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'datetime', precision: 3 })
  occurred_at!: string;

  /** JSON: a value for each field. */
  @Column({ type: 'text' })
  facts!: string;

  /** Whether rules gave points at all at that time. */
  @Column({ type: 'tinyint' })
  rules_on!: number;
}

/** What became of an event and a rule. The primary key is the rule "once per rule and event"; rewards are kept for ever. */
@Entity({ name: 'rule_outcomes' })
@Index('idx_rule_outcomes_outcome', ['outcome', 'occurred_at'])
export class RuleOutcomeEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  event_id!: string;

  @PrimaryColumn({ type: 'bigint' })
  rule_id!: number;

  @Column({ type: 'int' })
  version!: number;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'varchar', length: 16 })
  outcome!: string;

  @Column({ type: 'int' })
  points!: number;

  @Column({ type: 'datetime', precision: 3 })
  occurred_at!: string;
}

/** What another system has reported; the primary key is the rule "each reference once". */
@Entity({ name: 'business_events' })
export class BusinessEventEntity {
  @PrimaryColumn({ type: 'varchar', length: 32 })
  kind!: string;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  reference!: string;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'int' })
  amount!: number;

  @Column({ type: 'datetime', precision: 3 })
  reported_at!: string;
}
