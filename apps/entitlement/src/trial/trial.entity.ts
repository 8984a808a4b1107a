import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An identity that has had its trial; the primary key is the rule "once, ever" (U-02). Stays when the account goes. */
@Entity({ name: 'trial_claims' })
export class TrialClaimEntity {
  /** `user:<id>`; or `mail:`, `phone:` or `telegram:` with a keyed hash. */
  @PrimaryColumn({ type: 'varchar', length: 96 })
  identity!: string;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'datetime', precision: 3 })
  claimed_at!: string;
}

/** What else a user is known by, besides the account: proven mailboxes, phones and the Telegram account, as keyed hashes. */
@Entity({ name: 'member_identities' })
@Index('idx_member_identities_user_id', ['user_id'])
export class MemberIdentityEntity {
  @PrimaryColumn({ type: 'varchar', length: 96 })
  identity!: string;

  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'datetime', precision: 3 })
  known_since!: string;
}
