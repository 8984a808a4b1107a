import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A member's number (U-10), encrypted with the row's place. */
@Entity({ name: 'user_phones' })
export class UserPhoneEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'varchar', length: 255 })
  phone!: string;

  @Column({ type: 'varchar', length: 16 })
  method!: 'contact' | 'sms';

  @Column({ type: 'datetime', precision: 3 })
  bound_at!: string;
}

/** The blind index of the numbers: one row per key version. Its primary key is the rule "a number belongs to one member". */
@Entity({ name: 'user_phone_indexes' })
@Index('idx_user_phone_indexes_user', ['user_id'])
export class UserPhoneIndexEntity {
  @PrimaryColumn({ type: 'int' })
  version!: number;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  hash!: string;

  @Column({ type: 'bigint' })
  user_id!: number;
}

/** One code that was sent, or one contact that was asked for. Forgotten after some days. */
@Entity({ name: 'phone_verifications' })
@Index('idx_phone_verifications_user', ['user_id', 'created_at'])
@Index('idx_phone_verifications_phone', ['phone_hash', 'created_at'])
@Index('idx_phone_verifications_created_at', ['created_at'])
export class PhoneVerificationEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'varchar', length: 16 })
  method!: 'contact' | 'sms';

  /** Encrypted; null where the contact is still awaited. */
  @Column({ type: 'varchar', length: 255, nullable: true })
  phone!: string | null;

  /** Counts the codes of a number, whoever asks for them. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  phone_hash!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  code_hash!: string | null;

  @Column({ type: 'varchar', length: 16 })
  status!: 'pending' | 'bound' | 'refused' | 'replaced';

  @Column({ type: 'int' })
  wrong_tries!: number;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  expires_at!: string;
}

/** Who was sent a code lately, by keyed hash: its row's lock lets the codes of one address or number be counted one by one. */
@Entity({ name: 'verification_targets' })
@Index('idx_verification_targets_asked_at', ['asked_at'])
export class VerificationTargetEntity {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  hash!: string;

  @Column({ type: 'datetime', precision: 3 })
  asked_at!: string;
}

export const phoneEntities = [UserPhoneEntity, UserPhoneIndexEntity, PhoneVerificationEntity, VerificationTargetEntity];
