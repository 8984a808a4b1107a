import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** One message to one person over one channel. The unique key is the rule "an event that comes again is told once". */
@Entity({ name: 'deliveries' })
@Index('uq_deliveries_dedupe_key', ['dedupe_key'], { unique: true })
@Index('idx_deliveries_due', ['status', 'channel', 'lane', 'due_at'])
@Index('idx_deliveries_user_id', ['user_id'])
@Index('uq_deliveries_recipient', ['broadcast_id', 'user_id'], { unique: true })
@Index('idx_deliveries_broadcast', ['broadcast_id', 'status'])
export class DeliveryEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  /** Event id, channel, template and part; for a broadcast its id and the member's. */
  @Column({ type: 'varchar', length: 96 })
  dedupe_key!: string;

  @Column({ type: 'bigint' })
  user_id!: number;

  /** telegram, email or sms. */
  @Column({ type: 'varchar', length: 16 })
  channel!: string;

  @Column({ type: 'varchar', length: 48 })
  template!: string;

  /** What the text needs, as JSON; emptied once the message is sent, for it may hold an address or an undo token. */
  @Column({ type: 'text' })
  params!: string;

  /** A mail address that need not be the member's own (any more); null: as the contact says when it is sent. */
  @Column({ type: 'varchar', length: 320, nullable: true })
  recipient!: string | null;

  /** 0 codes, 1 transactional, 2 receipts, 3 broadcasts: the lower goes first. */
  @Column({ type: 'tinyint' })
  lane!: number;

  /** pending, sending, sent, failed or cancelled. */
  @Column({ type: 'varchar', length: 16 })
  status!: string;

  @Column({ type: 'int' })
  attempts!: number;

  @Column({ type: 'datetime', precision: 3 })
  due_at!: string;

  /** After this the message would only confuse: it is given up. */
  @Column({ type: 'datetime', precision: 3 })
  expires_at!: string;

  /** The one claim that may settle this row. */
  @Column({ type: 'varchar', length: 36, nullable: true })
  claimed_by!: string | null;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  claimed_until!: string | null;

  @Column({ type: 'varchar', length: 255, nullable: true })
  last_error!: string | null;

  /** The request that led to it, for the log. */
  @Column({ type: 'varchar', length: 64 })
  request_id!: string;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3, nullable: true })
  sent_at!: string | null;

  /** The broadcast it belongs to: each member gets one once. */
  @Column({ type: 'bigint', nullable: true })
  broadcast_id!: number | null;
}
