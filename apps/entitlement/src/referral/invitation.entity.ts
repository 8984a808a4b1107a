import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Who brought a member in (U-16): everybody comes once. */
@Entity({ name: 'invitations' })
@Index('idx_invitations_inviter', ['inviter_user_id', 'invited_at'])
@Index('idx_invitations_invited_at', ['invited_at'])
export class InvitationEntity {
  @PrimaryColumn({ type: 'bigint' })
  invitee_user_id!: number;

  @Column({ type: 'bigint' })
  inviter_user_id!: number;

  @Column({ type: 'bigint' })
  invite_code_id!: number;

  @Column({ type: 'datetime', precision: 3 })
  invited_at!: string;
}
