import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { StoredVerificationStatus } from './mail-match.rules.js';

/** One code that was issued (U-07). A pending row past `expires_at` is expired, whatever its status says. */
@Entity({ name: 'email_verifications' })
@Index('idx_email_verifications_user', ['user_id', 'created_at'])
@Index('idx_email_verifications_address', ['email_canonical', 'created_at'])
@Index('uq_email_verifications_undo', ['undo_token_hash'], { unique: true })
export class EmailVerificationEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'bigint' })
  user_id!: number;

  /** As typed. */
  @Column({ type: 'varchar', length: 128 })
  email!: string;

  /** The form in which an address is unique. */
  @Column({ type: 'varchar', length: 160 })
  email_canonical!: string;

  /** HMAC of id and code: a reader of the table cannot mail the code. */
  @Column({ type: 'varchar', length: 64 })
  code_hash!: string;

  @Column({ type: 'varchar', length: 16 })
  status!: StoredVerificationStatus;

  /** Why the last mail was refused, or why the row is over. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  refusal!: string | null;

  @Column({ type: 'int' })
  wrong_tries!: number;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  expires_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  bound_at!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  undo_token_hash!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  undo_expires_at!: string | null;

  /** `reverse`: the member mails the code; `code`: the member types it. */
  @Column({ type: 'varchar', length: 16, default: 'reverse' })
  method!: 'reverse' | 'code';

  /** JSON: what the decision on the last mail rested on; holds no text of the mail. */
  @Column({ type: 'text', nullable: true })
  evidence!: string | null;
}

/** How far a folder of the mailbox has been read; moves in the transaction that stores a mail's effect. */
@Entity({ name: 'mail_cursors' })
export class MailCursorEntity {
  @PrimaryColumn({ type: 'varchar', length: 128 })
  mailbox!: string;

  @PrimaryColumn({ type: 'varchar', length: 128 })
  folder!: string;

  @Column({ type: 'varchar', length: 32 })
  uid_validity!: string;

  @Column({ type: 'bigint' })
  last_uid!: number;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;
}

/** A Message-ID or a DKIM signature that has had its effect. */
@Entity({ name: 'seen_mails' })
@Index('idx_seen_mails_seen_at', ['seen_at'])
export class SeenMailEntity {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  hash!: string;

  @Column({ type: 'datetime', precision: 3 })
  seen_at!: string;
}

/** One wrong code, counted under each scope it concerns: member, sender, domain, all. */
@Entity({ name: 'verification_failures' })
@Index('idx_verification_failures_scope', ['scope', 'failed_at'])
@Index('idx_verification_failures_failed_at', ['failed_at'])
export class VerificationFailureEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'varchar', length: 200 })
  scope!: string;

  @Column({ type: 'datetime', precision: 3 })
  failed_at!: string;
}

/** What no code is issued for; lower case. `pattern` knows `*` only. */
@Entity({ name: 'email_blacklist' })
@Index('uq_email_blacklist_pattern', ['pattern'], { unique: true })
export class EmailBlacklistEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'varchar', length: 255 })
  pattern!: string;

  @Column({ type: 'varchar', length: 16 })
  kind!: 'address' | 'domain' | 'pattern';

  /** Why, for the admins. */
  @Column({ type: 'varchar', length: 255, default: '' })
  note!: string;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}

/** A mail that cannot be judged yet, because its sender's name servers are silent. Gone within minutes. */
@Entity({ name: 'parked_mails' })
@Index('idx_parked_mails_next_try_at', ['next_try_at'])
export class ParkedMailEntity {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  mail_key!: string;

  /** JSON with the raw mail in base64. */
  @Column({ type: 'text' })
  mail!: string;

  @Column({ type: 'datetime', precision: 3 })
  parked_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  next_try_at!: string;

  @Column({ type: 'int' })
  tries!: number;
}

export const verificationEntities = [
  EmailVerificationEntity,
  MailCursorEntity,
  SeenMailEntity,
  VerificationFailureEntity,
  EmailBlacklistEntity,
  ParkedMailEntity,
];
