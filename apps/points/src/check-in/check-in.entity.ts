import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** One check-in. The unique index on member and day is the rule "once per day" (P-02). */
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

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}
