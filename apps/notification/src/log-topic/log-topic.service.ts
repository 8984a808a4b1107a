import { Controller } from '@nestjs/common';
import {
  AdjustmentRejected,
  AdjustmentRequested,
  BroadcastChanged,
  EmailBound,
  EmailUnbound,
  GroupBotChanged,
  GroupMembersImported,
  GroupMigrated,
  InvitationSucceeded,
  InviteCodeChanged,
  InviteCodeCreated,
  MembershipGranted,
  MembershipStarted,
  MembershipWithdrawn,
  PointsAdjusted,
  TrialReset,
  UpdateTypesChanged,
  UserCreated,
  UserStatusChanged,
  VelocityAlarmRaised,
  type PayloadOf,
} from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { LogLineWriter } from './log-line.writer.js';

/** Which events admins read in the log topic (B-05). `user_id` and `other_id` are shown as names. */
@Controller()
export class LogTopicService {
  constructor(private readonly lines: LogLineWriter) {}

  @HandleEvent(UserCreated)
  async userCreated({ user_id, kind }: PayloadOf<typeof UserCreated>, context: EventContext): Promise<void> {
    if (kind === 'person') this.lines.write(context, 'user_created', { user_id });
  }

  @HandleEvent(MembershipStarted)
  async membershipStarted(
    { user_id, plan, renewal }: PayloadOf<typeof MembershipStarted>,
    context: EventContext,
  ): Promise<void> {
    this.lines.write(context, renewal ? 'renewed' : 'registered', { user_id, plan });
  }

  @HandleEvent(MembershipGranted)
  async granted({ user_id, plan }: PayloadOf<typeof MembershipGranted>, context: EventContext): Promise<void> {
    this.lines.write(context, 'granted', { user_id, plan });
  }

  @HandleEvent(MembershipWithdrawn)
  async withdrawn({ user_id }: PayloadOf<typeof MembershipWithdrawn>, context: EventContext): Promise<void> {
    this.lines.write(context, 'trial_withdrawn', { user_id });
  }

  @HandleEvent(TrialReset)
  async trialReset({ user_id, reason }: PayloadOf<typeof TrialReset>, context: EventContext): Promise<void> {
    this.lines.write(context, 'trial_reset', { user_id, reason });
  }

  @HandleEvent(InvitationSucceeded)
  async invited(payload: PayloadOf<typeof InvitationSucceeded>, context: EventContext): Promise<void> {
    this.lines.write(context, 'invited', { user_id: payload.inviter_user_id, other_id: payload.invitee_user_id });
  }

  /** Without the address: the topic may have many readers. */
  @HandleEvent(EmailBound)
  async emailBound({ user_id }: PayloadOf<typeof EmailBound>, context: EventContext): Promise<void> {
    this.lines.write(context, 'email_bound', { user_id });
  }

  @HandleEvent(EmailUnbound)
  async emailUnbound({ user_id }: PayloadOf<typeof EmailUnbound>, context: EventContext): Promise<void> {
    this.lines.write(context, 'email_unbound', { user_id });
  }

  /** The reason of a ban is for the audit log. */
  @HandleEvent(UserStatusChanged)
  async statusChanged(
    { user_id, status, previous }: PayloadOf<typeof UserStatusChanged>,
    context: EventContext,
  ): Promise<void> {
    if (status === 'banned') this.lines.write(context, 'user_banned', { user_id });
    else if (previous === 'banned' && status !== 'erased') this.lines.write(context, 'user_unbanned', { user_id });
    else if (status === 'deletion_pending') this.lines.write(context, 'deletion_requested', { user_id });
    else if (previous === 'deletion_pending' && status === 'active') {
      this.lines.write(context, 'deletion_cancelled', { user_id });
    }
  }

  @HandleEvent(AdjustmentRequested)
  async adjustmentRequested(
    { user_id, points, reason }: PayloadOf<typeof AdjustmentRequested>,
    context: EventContext,
  ): Promise<void> {
    this.lines.write(context, 'adjustment_requested', { user_id, points, reason });
  }

  @HandleEvent(PointsAdjusted)
  async pointsAdjusted(
    { user_id, points, reason }: PayloadOf<typeof PointsAdjusted>,
    context: EventContext,
  ): Promise<void> {
    this.lines.write(context, 'points_adjusted', { user_id, points, reason });
  }

  @HandleEvent(AdjustmentRejected)
  async adjustmentRejected(
    { user_id, points, note }: PayloadOf<typeof AdjustmentRejected>,
    context: EventContext,
  ): Promise<void> {
    this.lines.write(context, 'adjustment_rejected', { user_id, points, reason: note });
  }

  /** P-09 */
  @HandleEvent(VelocityAlarmRaised)
  async velocityAlarmRaised(
    { user_id, record_type, rule_name, points, records, window_minutes }: PayloadOf<typeof VelocityAlarmRaised>,
    context: EventContext,
  ): Promise<void> {
    const facts = { user_id, record_type, rule: rule_name, points, records, minutes: window_minutes };
    this.lines.write(context, 'velocity_alarm', facts);
  }

  /** Members make their own codes all day long; those of the system are the admins'. */
  @HandleEvent(InviteCodeCreated)
  async codeCreated(
    { invite_code_id, kind }: PayloadOf<typeof InviteCodeCreated>,
    context: EventContext,
  ): Promise<void> {
    if (kind !== 'member') this.lines.write(context, 'codes_created', { id: invite_code_id });
  }

  @HandleEvent(InviteCodeChanged)
  async codeChanged({ invite_code_id }: PayloadOf<typeof InviteCodeChanged>, context: EventContext): Promise<void> {
    this.lines.write(context, 'code_changed', { id: invite_code_id });
  }

  @HandleEvent(GroupMembersImported)
  async membersImported(
    { title, added, updated, refused }: PayloadOf<typeof GroupMembersImported>,
    context: EventContext,
  ): Promise<void> {
    this.lines.write(context, 'members_imported', { title, added, updated, refused });
  }

  @HandleEvent(GroupMigrated)
  async groupMigrated({ title, chat_id }: PayloadOf<typeof GroupMigrated>, context: EventContext): Promise<void> {
    this.lines.write(context, 'group_migrated', { title, chat: chat_id });
  }

  /** Drafts are nobody's business yet. */
  @HandleEvent(BroadcastChanged)
  async broadcastChanged(
    { title, status, previous, recipients }: PayloadOf<typeof BroadcastChanged>,
    context: EventContext,
  ): Promise<void> {
    if (status === 'draft' || status === previous) return;
    this.lines.write(context, 'broadcast', { title, broadcast_status: status, recipients: recipients ?? 0 });
  }

  @HandleEvent(GroupBotChanged)
  async botChanged(
    { title, missing_rights: missing, previously_missing: before }: PayloadOf<typeof GroupBotChanged>,
    context: EventContext,
  ): Promise<void> {
    if (missing.length > 0) this.lines.write(context, 'bot_rights', { title, missing: missing.join(', ') });
    else if (before.length > 0) this.lines.write(context, 'bot_ready', { title });
  }

  @HandleEvent(UpdateTypesChanged)
  async updateTypesChanged({ missing }: PayloadOf<typeof UpdateTypesChanged>, context: EventContext): Promise<void> {
    if (missing.length > 0) this.lines.write(context, 'update_types', { missing: missing.join(', ') });
  }
}
