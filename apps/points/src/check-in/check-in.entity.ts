import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** One day that counts, checked in or made up. The unique index on member and day is the rule "once per day" (P-02). */
@Entity({ name: 'check_ins' })
@Index('uq_check_ins_user_day', ['user_id', 'day'], { unique: true })
export class CheckInEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'bigint' })
  user_id!: number;

  /** The community's calendar day. */
  @Column({ type: 'varchar', length: 10 })
  day!: string;

  @Column({ type: 'int' })
  streak_days!: number;

  @Column({ type: 'int' })
  total_days!: number;

  @Column({ type: 'int' })
  points!: number;

  @Column({ type: 'tinyint' })
  is_makeup!: number;

  /** On whose calendar it was; null for days made up and for check-ins of old. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  timezone!: string | null;

  /** Dates just before it that a change of the time zone took from the member. */
  @Column({ type: 'int' })
  skipped_days!: number;

  /** Steps that the streak had been rewarded for, up to this day. */
  @Column({ type: 'int' })
  streak_weeks!: number;

  @Column({ type: 'int' })
  streak_months!: number;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}

/** Days that nobody can miss, and how far the counting of streaks has come. */
@Entity({ name: 'amnesties' })
@Index('idx_amnesties_until_day', ['until_day'])
export class AmnestyEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'varchar', length: 10 })
  from_day!: string;

  @Column({ type: 'varchar', length: 10 })
  until_day!: string;

  @Column({ type: 'varchar', length: 255 })
  reason!: string;

  @Column({ type: 'bigint', nullable: true })
  declared_by!: number | null;

  @Column({ type: 'datetime', precision: 3 })
  declared_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  undone_at!: string | null;

  /** A pass over the members: when it began, and who is next. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  pass_started_at!: string | null;

  @Column({ type: 'bigint' })
  passed_until!: number;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  applied_at!: string | null;

  @Column({ type: 'int' })
  members_changed!: number;
}
