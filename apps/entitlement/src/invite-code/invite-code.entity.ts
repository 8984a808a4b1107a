import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** An invite code (U-05): the system's (trial or a plan) or a member's. */
@Entity({ name: 'invite_codes' })
@Index('uq_invite_codes_code', ['code'], { unique: true })
@Index('idx_invite_codes_owner', ['owner_user_id'])
export class InviteCodeEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  /** Upper case. */
  @Column({ type: 'varchar', length: 32 })
  code!: string;

  @Column({ type: 'varchar', length: 16 })
  kind!: string;

  @Column({ type: 'varchar', length: 32 })
  plan!: string;

  /** Null has no end. */
  @Column({ type: 'int', nullable: true })
  days!: number | null;

  /** Null means as often as people come. */
  @Column({ type: 'int', nullable: true })
  max_uses!: number | null;

  @Column({ type: 'int' })
  uses!: number;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  valid_from!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  valid_until!: string | null;

  @Column({ type: 'tinyint' })
  enabled!: number;

  @Column({ type: 'bigint', nullable: true })
  owner_user_id!: number | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  batch!: string | null;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}
