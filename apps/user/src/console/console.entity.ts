import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A member's way into the admin console (U-13). */
@Entity({ name: 'console_accounts' })
@Index('uq_console_accounts_username', ['username'], { unique: true })
export class ConsoleAccountEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  /** In small letters. */
  @Column({ type: 'varchar', length: 32 })
  username!: string;

  @Column({ type: 'varchar', length: 60, nullable: true })
  password_hash!: string | null;

  @Column({ type: 'int' })
  password_version!: number;

  /** Of the token with which a password is set. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  token_hash!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  token_expires_at!: string | null;

  /** Encrypted. */
  @Column({ type: 'varchar', length: 255, nullable: true })
  totp_secret!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  totp_confirmed_at!: string | null;

  /** The step of the last code that was taken: neither it nor an older one is taken again. */
  @Column({ type: 'bigint' })
  totp_last_step!: number;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}

/** Codes for who has lost the authenticator, by their hashes; each is used once. */
@Entity({ name: 'console_recovery_codes' })
export class RecoveryCodeEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  code_hash!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  used_at!: string | null;
}

/** Tries to sign in under a name, whether it exists or not; the name itself is not kept. */
@Entity({ name: 'console_logins' })
@Index('idx_console_logins_window_started_at', ['window_started_at'])
export class ConsoleLoginEntity {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  name_hash!: string;

  @Column({ type: 'int' })
  tries!: number;

  @Column({ type: 'datetime', precision: 3 })
  window_started_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  locked_until!: string | null;
}

export const consoleEntities = [ConsoleAccountEntity, RecoveryCodeEntity, ConsoleLoginEntity];
