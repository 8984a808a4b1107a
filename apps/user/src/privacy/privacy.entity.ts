import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A deletion that was asked for (U-15). Stays when it is done: an id, and that its account is gone. */
@Entity({ name: 'deletion_requests' })
@Index('idx_deletion_requests_state', ['state', 'due_at'])
export class DeletionRequestEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  /** pending, erasing, erased (only the audit log is left) or done. */
  @Column({ type: 'varchar', length: 16 })
  state!: string;

  @Column({ type: 'datetime', precision: 3 })
  requested_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  due_at!: string;

  /** How many days before the end the member was reminded last. */
  @Column({ type: 'int', nullable: true })
  reminded_days!: number | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  finished_at!: string | null;
}

/** A service that has erased its part. */
@Entity({ name: 'erasure_reports' })
export class ErasureReportEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @PrimaryColumn({ type: 'varchar', length: 16 })
  service!: string;

  @Column({ type: 'int' })
  row_count!: number;

  @Column({ type: 'datetime', precision: 3 })
  reported_at!: string;
}

/** A Telegram account that was erased, by a keyed hash: who was banned comes back banned. */
@Entity({ name: 'erased_identities' })
export class ErasedIdentityEntity {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  identity_hash!: string;

  @Column({ type: 'tinyint' })
  was_banned!: number;

  @Column({ type: 'datetime', precision: 3 })
  erased_at!: string;
}

/** An archive that a member has fetched. */
@Entity({ name: 'data_exports' })
@Index('idx_data_exports_user_id', ['user_id', 'requested_at'])
export class DataExportEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'datetime', precision: 3 })
  requested_at!: string;
}

/** Which version of the terms was accepted, when and where. */
@Entity({ name: 'terms_acceptances' })
export class TermsAcceptanceEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @PrimaryColumn({ type: 'varchar', length: 16 })
  version!: string;

  @Column({ type: 'datetime', precision: 3 })
  accepted_at!: string;

  @Column({ type: 'varchar', length: 16 })
  channel!: string;
}

export const privacyEntities = [
  DeletionRequestEntity,
  ErasureReportEntity,
  ErasedIdentityEntity,
  DataExportEntity,
  TermsAcceptanceEntity,
];
