import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A line for the log topic that has not been sent yet (B-05); gone once Telegram has it. */
@Entity({ name: 'log_lines' })
@Index('uq_log_lines_line_key', ['line_key'], { unique: true })
export class LogLineEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  /** The event's id; for what did not fit any more, the kind: those are only counted. */
  @Column({ type: 'varchar', length: 64 })
  line_key!: string;

  @Column({ type: 'varchar', length: 32 })
  kind!: string;

  /** JSON: what the sentence needs. */
  @Column({ type: 'text' })
  params!: string;

  @Column({ type: 'datetime', precision: 3 })
  happened_at!: string;

  /** How many lines this row stands for. */
  @Column({ type: 'int' })
  repeats!: number;
}
