import { Controller } from '@nestjs/common';
import {
  ActivityCompleted,
  BusinessEventReported,
  CheckedIn,
  ContentApproved,
  EmailBound,
  InvitationSucceeded,
  MembershipStarted,
  UserCreated,
  type PayloadOf,
} from '#contracts';
import type { Tx } from '#database';
import { HandleEvent, type EventContext } from '#messaging';
import { findRuleEventType } from './rule-event.data.js';
import { RuleEvaluationService, type HeardEvent } from './rule-evaluation.service.js';

/** Hears what rules may name (P-06). Each batch is evaluated as one, after all its events were heard. */
@Controller()
export class RuleEventListener {
  /** The same function each time, as `gather` wants it. */
  private readonly evaluate = (events: readonly HeardEvent[], tx: Tx): Promise<void> =>
    this.evaluation.evaluate(events, tx);

  constructor(private readonly evaluation: RuleEvaluationService) {}

  @HandleEvent(UserCreated)
  async userCreated(payload: PayloadOf<typeof UserCreated>, context: EventContext): Promise<void> {
    this.hear(payload, context);
  }

  @HandleEvent(EmailBound)
  async emailBound(payload: PayloadOf<typeof EmailBound>, context: EventContext): Promise<void> {
    this.hear(payload, context);
  }

  @HandleEvent(MembershipStarted)
  async membershipStarted(payload: PayloadOf<typeof MembershipStarted>, context: EventContext): Promise<void> {
    this.hear(payload, context);
  }

  @HandleEvent(InvitationSucceeded)
  async invitationSucceeded(payload: PayloadOf<typeof InvitationSucceeded>, context: EventContext): Promise<void> {
    this.hear(payload, context);
  }

  @HandleEvent(CheckedIn)
  async checkedIn(payload: PayloadOf<typeof CheckedIn>, context: EventContext): Promise<void> {
    this.hear(payload, context);
  }

  @HandleEvent(ActivityCompleted)
  async activityCompleted(payload: PayloadOf<typeof ActivityCompleted>, context: EventContext): Promise<void> {
    this.hear(payload, context);
  }

  @HandleEvent(ContentApproved)
  async contentApproved(payload: PayloadOf<typeof ContentApproved>, context: EventContext): Promise<void> {
    this.hear(payload, context);
  }

  @HandleEvent(BusinessEventReported)
  async businessEventReported(payload: PayloadOf<typeof BusinessEventReported>, context: EventContext): Promise<void> {
    this.hear(payload, context);
  }

  private hear(payload: unknown, context: EventContext): void {
    const { message } = context;
    const read = findRuleEventType(message.name)?.read(payload);
    if (!read) return;
    const occurredAt = new Date(message.occurred_at);
    context.gather(this.evaluate, { eventId: message.id, eventType: message.name, occurredAt, ...read, context });
  }
}
