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
import { DeliverySender } from '../sender/delivery.sender.js';

/** Whom the main job's events are told to, and how (N-09, U-07). */
@Controller()
export class MainJobService {
  constructor(
    private readonly deliveries: DeliveryWriter,
    private readonly reach: ContactReachService,
    private readonly sender: DeliverySender,
  ) {}

  @HandleEvent(MembershipStarted)
  async membershipStarted(started: PayloadOf<typeof MembershipStarted>, context: EventContext): Promise<void> {
    const { user_id: userId, kind, expires_at, renewal } = started;
    await this.reach.noticeSignOfLife(context, userId);
    await this.reach.noticeLanguage(context, userId);
    this.deliveries.write(context, {
      userId,
      channel: 'telegram',
      lane: 'transactional',
      content: { template: renewal ? 'renewed' : 'welcome', kind, expires_at },
    });
    this.sender.expectWork();
  }

  /** Told in the chat and by a reply mail; only the mail holds the way to undo it, for it reaches the mailbox's owner. */
  @HandleEvent(EmailBound)
  async emailBound(bound: PayloadOf<typeof EmailBound>, context: EventContext): Promise<void> {
    const { user_id: userId, email, undo_token, undo_expires_at } = bound;
    this.deliveries.write(context, {
      userId,
      channel: 'telegram',
      lane: 'transactional',
      content: { template: 'email_bound', email },
    });
    this.deliveries.write(context, {
      userId,
      channel: 'email',
      lane: 'transactional',
      recipient: email,
      expiresAt: new Date(undo_expires_at),
      content: { template: 'email_bound_mail', email, undo_token, undo_expires_at },
    });
    this.sender.expectWork();
  }

  @HandleEvent(EmailUnbound)
  async emailUnbound(unbound: PayloadOf<typeof EmailUnbound>, context: EventContext): Promise<void> {
    const { user_id: userId, email } = unbound;
    this.deliveries.write(context, {
      userId,
      channel: 'telegram',
      lane: 'transactional',
      content: { template: 'email_unbound', email },
    });
    this.sender.expectWork();
  }

  /** Told in the chat, never by mail: the sender may be forged. */
  @HandleEvent(EmailVerificationRefused)
  async verificationRefused(refused: PayloadOf<typeof EmailVerificationRefused>, context: EventContext): Promise<void> {
    const { user_id: userId, email, reason } = refused;
    this.deliveries.write(context, {
      userId,
      channel: 'telegram',
      lane: 'transactional',
      content: { template: 'email_refused', email, reason },
    });
    this.sender.expectWork();
  }

  /** Whoever checked in through the bot has read the receipt in its answer; a bonus is worth a message of its own. */
  @HandleEvent(CheckedIn)
  async checkedIn(checkIn: PayloadOf<typeof CheckedIn>, context: EventContext): Promise<void> {
    const { user_id: userId, points, bonuses, streak_days, balance, channel } = checkIn;
    await this.reach.noticeSignOfLife(context, userId);
    await this.reach.noticeLanguage(context, userId);
    if (channel !== 'bot') {
      this.deliveries.write(context, {
        userId,
        channel: 'telegram',
        lane: 'receipt',
        content: { template: 'check_in_receipt', points, streak_days, balance },
      });
    }
    const bonusPoints = bonuses.reduce((sum, bonus) => sum + bonus.points, 0);
    if (bonusPoints > 0) {
      this.deliveries.write(context, {
        userId,
        channel: 'telegram',
        lane: 'transactional',
        content: { template: 'streak_bonus', points: bonusPoints, streak_days },
      });
    }
    this.sender.expectWork();
  }
}
