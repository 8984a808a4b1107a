import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One sign-in; it ends by sign-out, by age, or because an old refresh token came back. */
@Entity({ name: 'sessions' })
@Index('idx_sessions_user_id', ['user_id'])
export class SessionEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'varchar', length: 16 })
  method!: string;

  /** What the client calls itself. */
  @Column({ type: 'varchar', length: 256, nullable: true })
  device!: string | null;

  /** Where it was used last, without the last part. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  ip!: string | null;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  last_used_at!: string | null;

  @Column({ type: 'datetime', precision: 3 })
  expires_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  ended_at!: string | null;

  @Column({ type: 'varchar', length: 16, nullable: true })
  end_reason!: string | null;
}

/** A refresh token, by its hash; used once. */
@Entity({ name: 'refresh_tokens' })
@Index('idx_refresh_tokens_session_id', ['session_id'])
export class RefreshTokenEntity {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  token_hash!: string;

  @Column({ type: 'varchar', length: 36 })
  session_id!: string;

  @Column({ type: 'datetime', precision: 3 })
  issued_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  expires_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  used_at!: string | null;
}

/** A fresh confirmation that it is them (U-13), for one session. */
@Entity({ name: 'step_ups' })
@Index('idx_step_ups_user_id', ['user_id', 'expires_at'])
export class StepUpEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'varchar', length: 36 })
  session_id!: string;

  @Column({ type: 'varchar', length: 16 })
  status!: string;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  expires_at!: string;
}

export const sessionEntities = [SessionEntity, RefreshTokenEntity, StepUpEntity];
