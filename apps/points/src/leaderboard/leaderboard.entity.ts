import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** What service `user` has told of a member, as far as leaderboards depend on it (P-08). */
@Entity({ name: 'leaderboard_members' })
@Index('idx_leaderboard_members_touched_at', ['touched_at'])
export class LeaderboardMemberEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'varchar', length: 128 })
  display_name!: string;

  /** The member's own wish. */
  @Column({ type: 'tinyint' })
  is_shown!: number;

  /** Neither banned nor about to be deleted. */
  @Column({ type: 'tinyint' })
  is_active!: number;

  /** When the standing that `is_active` says was reached. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  status_at!: string | null;

  @Column({ type: 'varchar', length: 8, nullable: true })
  province!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  city!: string | null;

  /** Of the settings that were heard last; an older event changes nothing. */
  @Column({ type: 'bigint' })
  settings_version!: number;

  /** JSON: the scopes the member was last put on, so that those left behind can be cleared. */
  @Column({ type: 'text' })
  listed!: string;

  /** Grows with every change, so that the job finds what to do. */
  @Column({ type: 'datetime', precision: 3 })
  touched_at!: string;
}

/** Who is in which group, for the groups' boards. */
@Entity({ name: 'leaderboard_groups' })
@Index('idx_leaderboard_groups_user_id', ['user_id'])
export class LeaderboardGroupEntity {
  @PrimaryColumn({ type: 'varchar', length: 32 })
  chat_id!: string;

  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'tinyint' })
  is_in!: number;

  @Column({ type: 'datetime', precision: 3 })
  seen_at!: string;
}

/** The first members of a board at a full hour; immutable. */
@Entity({ name: 'leaderboard_snapshots' })
@Index('uq_leaderboard_snapshots', ['board', 'taken_at', 'position'], { unique: true })
@Index('idx_leaderboard_snapshots_taken_at', ['taken_at'])
export class LeaderboardSnapshotEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  /** Metric, period and scope: `points:month-2026-03:national`. */
  @Column({ type: 'varchar', length: 160 })
  board!: string;

  /** The hour it belongs to. */
  @Column({ type: 'datetime', precision: 3 })
  taken_at!: string;

  /** When the board stood so; unknown for the oldest. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  recorded_at!: string | null;

  @Column({ type: 'int' })
  position!: number;

  @Column({ type: 'int' })
  rank_number!: number;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'bigint' })
  score!: number;

  @Column({ type: 'int' })
  members!: number;
}

/** The one row that says which generation of sets is valid, and how far it has been brought. */
@Entity({ name: 'leaderboard_state' })
export class LeaderboardStateEntity {
  @PrimaryColumn({ type: 'int' })
  id!: number;

  /** Part of every set's name; a new one when all are made anew. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  generation!: string | null;

  /** Changes before this are on the boards. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  caught_up_at!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  rebuild_requested_at!: string | null;

  /** A generation whose sets are to go: it is being made, or another has taken its place. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  leftover!: string | null;

  /** The last full hour of which every board is written down. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  recorded_hour!: string | null;
}
