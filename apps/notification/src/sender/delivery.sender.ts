import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { DeliveryChannel } from '#contracts';
import { Database, type NamedLock } from '#database';
import type { Clock } from '#messaging';
import { InjectClock, InjectLogger, type Logger } from '#service';
import type { ClaimedDelivery } from './claimed-delivery.types.js';
import { DeliveryAttempt } from './delivery-attempt.worker.js';
import { DeliveryClaimService } from './delivery-claim.service.js';
import { LogTopicSender } from '../log-topic/log-topic.sender.js';
import { MailSender } from './mail.sender.js';
import { SmsSender } from './sms.sender.js';
import { TelegramPauses } from './telegram-pauses.store.js';
import { TelegramPacer } from './telegram.pacer.js';
import { TelegramSender } from './telegram.sender.js';

/** How many deliveries may be in hand before a lane (0 to 3) has to wait: the more urgent lane always finds room. */
const roomOf: Record<DeliveryChannel, readonly number[]> = {
  telegram: [60, 45, 30, 15],
  email: [12, 9, 6, 3],
  sms: [12, 9, 6, 3],
};
const idleMs = 500;
const busyMs = 100;
/** A handler says "soon" before its transaction is committed. */
const commitMs = 30;
const lockCheckMs = 5_000;
const abandonedCheckMs = 5_000;

/**
 * Sends what the deliveries say, one loop per service: claims due rows, sends them outside of any transaction, and settles each
 * with its event. At least once: after a crash between sending and settling a message goes out again.
 */
@Injectable()
export class DeliverySender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly inHand = new Map<number, { delivery: ClaimedDelivery; done: Promise<void> }>();
  private lock: NamedLock | null = null;
  private lockCheckedAt = -Infinity;
  private abandonedCheckedAt = -Infinity;
  private stopped = false;
  private running: Promise<void> | null = null;
  private wakeUp: (() => void) | null = null;
  private nudge: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Database,
    private readonly claims: DeliveryClaimService,
    private readonly attempt: DeliveryAttempt,
    private readonly telegram: TelegramSender,
    private readonly mail: MailSender,
    private readonly sms: SmsSender,
    private readonly pacer: TelegramPacer,
    private readonly pauses: TelegramPauses,
    private readonly logTopic: LogTopicSender,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.telegram.configured) this.logger.error({}, 'TELEGRAM_BOT_TOKEN is not set: Telegram messages wait');
    this.running = this.run();
  }

  /** Takes nothing more, puts back what waits for its turn, and lets what is on its way arrive. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.wakeUp?.();
    await this.running;
    this.pacer.dismiss();
    await this.logTopic.settle();
    await Promise.all([...this.inHand.values()].map(({ done }) => done));
    await this.mail.close();
    await this.lock?.release().catch(() => undefined);
  }

  /** A delivery is being written; looks for it a moment later instead of at the next poll. */
  expectWork(): void {
    // Under load the loop looks often enough by itself.
    if (this.nudge || this.inHand.size > 0) return;
    this.nudge = setTimeout(() => {
      this.nudge = null;
      this.wakeUp?.();
    }, commitMs);
    this.nudge.unref();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        if (await this.holdsLock()) await this.round();
      } catch (error) {
        this.logger.warn({ error }, 'deliveries could not be read, it will be tried again');
      }
      if (!this.stopped) await this.pause(this.inHand.size > 0 ? busyMs : idleMs);
    }
  }

  private async round(): Promise<void> {
    if (performance.now() - this.abandonedCheckedAt > abandonedCheckMs) {
      const freed = await this.claims.freeAbandoned(this.clock.now(), new Set(this.inHand.keys()));
      if (freed > 0) this.logger.warn({ count: freed }, 'deliveries of a sender that died are sent again');
      this.abandonedCheckedAt = performance.now();
    }
    await this.claimFrom('email');
    await this.claimFrom('sms');
    if (!this.telegram.open) return;
    await this.claimFrom('telegram');
    this.logTopic.work();
  }

  private async claimFrom(channel: DeliveryChannel): Promise<void> {
    const busy = [...this.inHand.values()].filter(({ delivery }) => delivery.channel === channel).length;
    const rooms = roomOf[channel].map((room) => room - busy);
    const maxLane = rooms.findLastIndex((room) => room > 0);
    const room = rooms[maxLane];
    if (room === undefined) return;
    for (const delivery of await this.claims.claim(channel, maxLane, room, this.clock.now())) this.start(delivery);
  }

  private start(delivery: ClaimedDelivery): void {
    const sender = { telegram: this.telegram, email: this.mail, sms: this.sms }[delivery.channel];
    const done = this.attempt
      .run(delivery, sender, () => this.stopped)
      .finally(() => {
        this.inHand.delete(delivery.id);
        if (this.inHand.size === 0) this.wakeUp?.();
      });
    this.inHand.set(delivery.id, { delivery, done });
  }

  /** Only one process sends, because Telegram counts the messages of all of them together. */
  private async holdsLock(): Promise<boolean> {
    if (this.lock && performance.now() - this.lockCheckedAt <= lockCheckMs) return true;
    if (this.lock && !(await this.lock.isHeld())) {
      await this.lock.release();
      this.lock = null;
    }
    this.lock ??= await this.takeLock();
    this.lockCheckedAt = performance.now();
    return this.lock !== null;
  }

  private async takeLock(): Promise<NamedLock | null> {
    const lock = await this.database.acquireLock('delivery-sender');
    if (!lock) return null;
    try {
      await this.pauses.takeOver();
      return lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  private async pause(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wakeUp = resolve;
      timer = setTimeout(resolve, milliseconds);
    });
    clearTimeout(timer);
    this.wakeUp = null;
  }
}
