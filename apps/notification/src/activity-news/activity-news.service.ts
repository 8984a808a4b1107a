import { Controller } from '@nestjs/common';
import {
  ActivityCancelled,
  ActivityCompleted,
  ActivityMoved,
  ActivityPlaceFreed,
  ActivityRefused,
  ContentApproved,
  ContentRejected,
  RuleRewarded,
  type PayloadOf,
} from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { DeliveryWriter } from '../deliveries/delivery.writer.js';

/** What members are told about activities, their submissions (P-05) and rewards by rules (P-06). */
@Controller()
export class ActivityNewsService {
  constructor(private readonly deliveries: DeliveryWriter) {}

  /** Whoever showed it in the chat has read the answer; an admin's approval is news. */
  @HandleEvent(ActivityCompleted)
  async completed(payload: PayloadOf<typeof ActivityCompleted>, context: EventContext): Promise<void> {
    const { user_id, way, channel, title, points, balance } = payload;
    if (way !== 'approval' && channel === 'bot') return;
    this.deliveries.tell(context, user_id, { template: 'activity_completed', title, points, balance });
  }

  @HandleEvent(ActivityRefused)
  async refused({ user_id, title, reason }: PayloadOf<typeof ActivityRefused>, context: EventContext): Promise<void> {
    this.deliveries.tell(context, user_id, { template: 'activity_refused', title, reason });
  }

  @HandleEvent(ActivityCancelled)
  async cancelled(payload: PayloadOf<typeof ActivityCancelled>, context: EventContext): Promise<void> {
    const { title, starts_at } = payload;
    const news = { template: 'activity_cancelled', title, starts_at } as const;
    for (const userId of payload.user_ids) this.deliveries.tell(context, userId, news, { part: String(userId) });
  }

  @HandleEvent(ActivityMoved)
  async moved(payload: PayloadOf<typeof ActivityMoved>, context: EventContext): Promise<void> {
    const { title, starts_at, ends_at } = payload;
    const news = { template: 'activity_moved', title, starts_at, ends_at } as const;
    for (const userId of payload.user_ids) this.deliveries.tell(context, userId, news, { part: String(userId) });
  }

  @HandleEvent(ActivityPlaceFreed)
  async placeFreed(payload: PayloadOf<typeof ActivityPlaceFreed>, context: EventContext): Promise<void> {
    const { user_id, title, starts_at } = payload;
    this.deliveries.tell(context, user_id, { template: 'activity_place_freed', title, starts_at });
  }

  @HandleEvent(ContentApproved)
  async approved(payload: PayloadOf<typeof ContentApproved>, context: EventContext): Promise<void> {
    const { user_id, title, points, balance } = payload;
    this.deliveries.tell(context, user_id, { template: 'content_approved', title, points, balance });
  }

  @HandleEvent(ContentRejected)
  async rejected({ user_id, title, reason }: PayloadOf<typeof ContentRejected>, context: EventContext): Promise<void> {
    this.deliveries.tell(context, user_id, { template: 'content_rejected', title, reason });
  }

  @HandleEvent(RuleRewarded)
  async rewarded(payload: PayloadOf<typeof RuleRewarded>, context: EventContext): Promise<void> {
    const { user_id, title, points, balance } = payload;
    this.deliveries.tell(context, user_id, { template: 'rule_reward', title, points, balance }, { lane: 'receipt' });
  }
}
