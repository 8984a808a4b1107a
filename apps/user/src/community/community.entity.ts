import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** Who follows whom (U-16). */
@Entity({ name: 'follows' })
@Index('idx_follows_followee', ['followee_user_id', 'created_at'])
export class FollowEntity {
  @PrimaryColumn({ type: 'bigint' })
  follower_user_id!: number;

  @PrimaryColumn({ type: 'bigint' })
  followee_user_id!: number;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}

/** A word on members: the platform's own or an admin's. */
@Entity({ name: 'tags' })
@Index('uq_tags_name', ['name'], { unique: true })
export class TagEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'varchar', length: 32 })
  name!: string;

  @Column({ type: 'varchar', length: 8 })
  kind!: 'system' | 'custom';

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}

@Entity({ name: 'user_tags' })
@Index('idx_user_tags_user_id', ['user_id'])
export class UserTagEntity {
  @PrimaryColumn({ type: 'bigint' })
  tag_id!: number;

  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}

/** A member was there on a day (UTC), however often (U-17). */
@Entity({ name: 'activity_days' })
@Index('idx_activity_days_user_id', ['user_id'])
export class ActivityDayEntity {
  @PrimaryColumn({ type: 'varchar', length: 10 })
  day!: string;

  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;
}

/** When somebody became a member for the first time. */
@Entity({ name: 'member_registrations' })
@Index('idx_member_registrations_at', ['registered_at'])
export class MemberRegistrationEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'datetime', precision: 3 })
  registered_at!: string;
}

export const communityEntities = [FollowEntity, TagEntity, UserTagEntity, ActivityDayEntity, MemberRegistrationEntity];
