import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** An invite code (U-05). */
@Entity({ name: 'invite_codes' })
@Index('uq_invite_codes_code', ['code'], { unique: true })
export class InviteCodeEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  /** Upper case. */
  @Column({ type: 'varchar', length: 32 })
  code!: string;

  @Column({ type: 'varchar', length: 16 })
  kind!: string;

  @Column({ type: 'int' })
  days!: number;

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

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}
