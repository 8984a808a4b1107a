import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A Telegram group as the bot knows it (U-12). One that became a supergroup stays behind as a signpost to it. */
@Entity({ name: 'chat_groups' })
@Index('uq_chat_groups_chat_id', ['chat_id'], { unique: true })
export class GroupEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'varchar', length: 21 })
  chat_id!: string;

  /** group or supergroup. */
  @Column({ type: 'varchar', length: 16 })
  kind!: string;

  @Column({ type: 'varchar', length: 255 })
  title!: string;

  @Column({ type: 'varchar', length: 64, nullable: true })
  username!: string | null;

  /** When the title was as it stands here. */
  @Column({ type: 'datetime', precision: 3 })
  titled_at!: string;

  /** The group that this one has become. */
  @Column({ type: 'bigint', nullable: true })
  moved_to!: number | null;

  /** What the bot is here; null while nobody has looked. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  bot_status!: string | null;

  /** JSON: names of the rights the bot has. */
  @Column({ type: 'text', nullable: true })
  bot_rights!: string | null;

  /** JSON: names of the rights it needs and lacks. */
  @Column({ type: 'varchar', length: 1024 })
  missing_rights!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  bot_status_at!: string | null;

  @Column({ type: 'bigint' })
  bot_status_order!: number;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;
}

/** Somebody in a group's roster. */
@Entity({ name: 'chat_members' })
@Index('idx_chat_members_seen', ['group_id', 'standing', 'last_seen_at'])
@Index('idx_chat_members_telegram_id', ['telegram_id'])
@Index('idx_chat_members_check_due_at', ['check_due_at'])
export class GroupMemberEntity {
  @PrimaryColumn({ type: 'bigint' })
  group_id!: number;

  @PrimaryColumn({ type: 'varchar', length: 21 })
  telegram_id!: string;

  @Column({ type: 'varchar', length: 128 })
  first_name!: string;

  @Column({ type: 'varchar', length: 64, nullable: true })
  username!: string | null;

  /** in, out or unknown. */
  @Column({ type: 'varchar', length: 16 })
  standing!: string;

  @Column({ type: 'varchar', length: 16, nullable: true })
  telegram_status!: string | null;

  /** Where the standing comes from; while it is unknown, who saw them last. */
  @Column({ type: 'varchar', length: 24 })
  source!: string;

  /** 1 what Telegram said, 0 what an import said. */
  @Column({ type: 'int' })
  standing_trust!: number;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  standing_at!: string | null;

  /** The update's number, for news of one second. */
  @Column({ type: 'bigint' })
  standing_order!: number;

  @Column({ type: 'datetime', precision: 3 })
  first_seen_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  last_seen_at!: string;

  /** 0 in a row that has just been made. */
  @Column({ type: 'bigint' })
  sightings!: number;

  /** When Telegram was last asked about them and replied. */
  @Column({ type: 'datetime', precision: 3, nullable: true })
  checked_at!: string | null;

  /** answered, not_known or refused. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  check_result!: string | null;

  /** When Telegram is to be asked (again); whoever has taken the row to ask moves it a little ahead. */
  @Column({ type: 'datetime', precision: 3, default: '1970-01-01 00:00:00.000' })
  check_due_at!: string;
}

/** What the last look at the kinds of updates said; one row. */
@Entity({ name: 'update_checks' })
export class UpdateCheckEntity {
  @PrimaryColumn({ type: 'varchar', length: 16 })
  name!: string;

  /** webhook or polling. */
  @Column({ type: 'varchar', length: 16 })
  mode!: string;

  /** JSON: kinds of updates that are needed and do not come. */
  @Column({ type: 'varchar', length: 1024 })
  missing!: string;

  @Column({ type: 'datetime', precision: 3 })
  checked_at!: string;
}

export const groupEntities = [GroupEntity, GroupMemberEntity, UpdateCheckEntity];
