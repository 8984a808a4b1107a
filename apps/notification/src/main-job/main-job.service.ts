import { Controller } from '@nestjs/common';
import {
  CheckedIn,
  EmailBound,
  EmailUnbound,
  EmailVerificationRefused,
  MembershipStarted,
  type PayloadOf,
} from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { ContactReachService } from '../contacts/contact-reach.service.js';
import { DeliveryWriter } from '../deliveries/delivery.writer.js';

/** Whom the main job's events are told to, and how (N-09, U-07). */
@Controller()
export class MainJobService {
  constructor(
    private readonly deliveries: DeliveryWriter,
    private readonly reach: ContactReachService,
  ) {}

  @HandleEvent(MembershipStarted)
  async membershipStarted(started: PayloadOf<typeof MembershipStarted>, context: EventContext): Promise<void> {
    const { user_id: userId, kind, expires_at, renewal } = started;
    await this.reach.noticeSignOfLife(context, userId);
    await this.reach.noticeLanguage(context, userId);
    this.deliveries.tell(context, userId, { template: renewal ? 'renewed' : 'welcome', kind, expires_at });
  }

  /** Told in the chat and by a reply mail; only the mail holds the way to undo it, for it reaches the mailbox's owner. */
  @HandleEvent(EmailBound)
  async emailBound(bound: PayloadOf<typeof EmailBound>, context: EventContext): Promise<void> {
    const { user_id: userId, email, undo_token, undo_expires_at } = bound;
    this.deliveries.tell(context, userId, { template: 'email_bound', email });
    this.deliveries.write(context, {
      userId,
      channel: 'email',
      lane: 'transactional',
      recipient: email,
      expiresAt: new Date(undo_expires_at),
      content: { template: 'email_bound_mail', email, undo_token, undo_expires_at },
    });
  }

  @HandleEvent(EmailUnbound)
  async emailUnbound(unbound: PayloadOf<typeof EmailUnbound>, context: EventContext): Promise<void> {
    const { user_id: userId, email } = unbound;
    this.deliveries.tell(context, userId, { template: 'email_unbound', email });
  }

  /** Told in the chat, never by mail: the sender may be forged. */
  @HandleEvent(EmailVerificationRefused)
  async verificationRefused(refused: PayloadOf<typeof EmailVerificationRefused>, context: EventContext): Promise<void> {
    const { user_id: userId, email, reason } = refused;
    this.deliveries.tell(context, userId, { template: 'email_refused', email, reason });
  }

  /** Whoever checked in through the bot has read the receipt in its answer; a bonus is worth a message of its own. */
  @HandleEvent(CheckedIn)
  async checkedIn(checkIn: PayloadOf<typeof CheckedIn>, context: EventContext): Promise<void> {
    const { user_id: userId, points, bonuses, streak_days, balance, channel } = checkIn;
    await this.reach.noticeSignOfLife(context, userId);
    await this.reach.noticeLanguage(context, userId);
    if (channel !== 'bot') {
      const receipt = { template: 'check_in_receipt', points, streak_days, balance } as const;
      this.deliveries.tell(context, userId, receipt, { lane: 'receipt' });
    }
    const bonusPoints = bonuses.reduce((sum, bonus) => sum + bonus.points, 0);
    if (bonusPoints > 0) {
      this.deliveries.tell(context, userId, { template: 'streak_bonus', points: bonusPoints, streak_days });
    }
  }
}
