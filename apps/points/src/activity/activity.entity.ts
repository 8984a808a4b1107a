import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** Something members take part in for points (P-05). Whoever changes places holds this row's lock. */
@Entity({ name: 'activities' })
@Index('idx_activities_state_ends_at', ['state', 'ends_at'])
export class ActivityEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  /** JSON: a text for each language. */
  @Column({ type: 'text' })
  title!: string;

  @Column({ type: 'text' })
  description!: string;

  @Column({ type: 'datetime', precision: 3 })
  starts_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  ends_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  registration_opens_at!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  registration_closes_at!: string | null;

  @Column({ type: 'int' })
  capacity!: number;

  @Column({ type: 'int' })
  points!: number;

  /** approval, code or geofence. */
  @Column({ type: 'varchar', length: 16 })
  way!: string;

  /** In capitals. */
  @Column({ type: 'varchar', length: 32, nullable: true })
  code!: string | null;

  @Column({ type: 'double', nullable: true })
  latitude!: number | null;

  @Column({ type: 'double', nullable: true })
  longitude!: number | null;

  @Column({ type: 'int', nullable: true })
  radius_m!: number | null;

  @Column({ type: 'tinyint' })
  waitlist!: number;

  @Column({ type: 'varchar', length: 16 })
  state!: string;

  /** Places taken: participants that have joined, completed or been refused. */
  @Column({ type: 'int' })
  joined!: number;

  @Column({ type: 'int' })
  waiting!: number;

  @Column({ type: 'bigint', nullable: true })
  created_by!: number | null;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;
}

/** A member in an activity; the primary key is the rule "once per member". */
@Entity({ name: 'activity_participants' })
@Index('idx_activity_participants_turn', ['activity_id', 'status', 'joined_at'])
@Index('idx_activity_participants_user_id', ['user_id'])
export class ActivityParticipantEntity {
  @PrimaryColumn({ type: 'bigint' })
  activity_id!: number;

  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  /** joined, waiting, left, completed or refused. */
  @Column({ type: 'varchar', length: 16 })
  status!: string;

  @Column({ type: 'datetime', precision: 3 })
  joined_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  requested_at!: string | null;

  @Column({ type: 'varchar', length: 255, nullable: true })
  note!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  completed_at!: string | null;

  @Column({ type: 'int', nullable: true })
  points!: number | null;

  @Column({ type: 'varchar', length: 255, nullable: true })
  reason!: string | null;

  @Column({ type: 'bigint', nullable: true })
  decided_by!: number | null;

  /** Wrong codes typed until `tries_until`. */
  @Column({ type: 'int' })
  wrong_tries!: number;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  tries_until!: string | null;
}
