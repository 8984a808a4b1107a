import { Controller } from '@nestjs/common';
import {
  InvitationRewarded,
  InvitationSucceeded,
  ItemGiven,
  ItemTakenBack,
  MembershipExtended,
  MembershipGranted,
  MembershipWithdrawn,
  type PayloadOf,
} from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { DeliveryWriter } from '../deliveries/delivery.writer.js';

/** What members are told about their membership besides its beginning (U-05). */
@Controller()
export class MembershipNewsService {
  constructor(private readonly deliveries: DeliveryWriter) {}

  /** The extension that follows tells the new end; without one (a permanent inviter) this is the thanks. */
  @HandleEvent(InvitationSucceeded)
  async invitationSucceeded(payload: PayloadOf<typeof InvitationSucceeded>, context: EventContext): Promise<void> {
    if (payload.reward_days > 0) return;
    this.deliveries.tell(context, payload.inviter_user_id, {
      template: 'invitation_thanks',
      days: 0,
      expires_at: null,
    });
  }

  @HandleEvent(MembershipExtended)
  async membershipExtended(payload: PayloadOf<typeof MembershipExtended>, context: EventContext): Promise<void> {
    const { user_id, days, expires_at } = payload;
    this.deliveries.tell(context, user_id, { template: 'invitation_thanks', days, expires_at });
  }

  @HandleEvent(MembershipGranted)
  async membershipGranted(payload: PayloadOf<typeof MembershipGranted>, context: EventContext): Promise<void> {
    const { user_id, kind, expires_at, renewal } = payload;
    this.deliveries.tell(context, user_id, { template: renewal ? 'renewed' : 'welcome', kind, expires_at });
  }

  /** What points were exchanged for (P-07): the days, and the new end. */
  @HandleEvent(ItemGiven)
  async itemGiven(payload: PayloadOf<typeof ItemGiven>, context: EventContext): Promise<void> {
    const { user_id, days, expires_at } = payload;
    if (expires_at !== null)
      this.deliveries.tell(context, user_id, { template: 'membership_days_given', days, expires_at });
  }

  /** That the points are back is the order's news; this is about the membership, where it has changed. */
  @HandleEvent(ItemTakenBack)
  async itemTakenBack(
    { user_id, membership, days_taken: days }: PayloadOf<typeof ItemTakenBack>,
    context: EventContext,
  ): Promise<void> {
    if (!membership?.expires_at) return;
    const { expires_at } = membership;
    const is_over = expires_at <= context.message.occurred_at;
    this.deliveries.tell(context, user_id, { template: 'membership_days_taken', days, expires_at, is_over });
  }

  @HandleEvent(InvitationRewarded)
  async invitationRewarded(payload: PayloadOf<typeof InvitationRewarded>, context: EventContext): Promise<void> {
    const { user_id, share, points, balance } = payload;
    this.deliveries.tell(context, user_id, { template: 'invitation_points', share, points, balance });
  }

  @HandleEvent(MembershipWithdrawn)
  async membershipWithdrawn(payload: PayloadOf<typeof MembershipWithdrawn>, context: EventContext): Promise<void> {
    this.deliveries.tell(context, payload.user_id, { template: 'trial_withdrawn' });
  }
}
