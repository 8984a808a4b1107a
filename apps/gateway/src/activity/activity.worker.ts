import { randomUUID } from 'node:crypto';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { communityDay } from '#calendar';
import { RecordActivity, type Call } from '#contracts';
import { MessageClient, type Clock } from '#messaging';
import { InjectClock, InjectLogger, InjectSettings, type Logger } from '#service';
import type { GatewaySettings } from '../gateway.env.js';

const everyMs = 10_000;
const idsPerBundle = 1_000;
/** Members whom a gateway remembers to have named today; beyond it some are named again, which changes nothing. */
const rememberedAtMost = 200_000;
const waitingAtMost = 50_000;

/**
 * Whom this gateway has seen today (U-17). A request costs a look into a set; the owner is told once about each member and day, in
 * bundles. What a gateway that dies has not told yet is lost: the member's next request tells it.
 */
@Injectable()
export class ActivityRecorder implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private day = '';
  private readonly seen = new Set<number>();
  private readonly waiting: { readonly day: string; readonly userId: number }[] = [];
  private timer: NodeJS.Timeout | null = null;
  private telling: Promise<void> | null = null;

  constructor(
    private readonly client: MessageClient,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {}

  saw(userId: number): void {
    const day = communityDay(this.clock.now(), this.settings.COMMUNITY_TIMEZONE);
    if (day !== this.day) this.seen.clear();
    this.day = day;
    if (this.seen.has(userId) || this.waiting.length >= waitingAtMost) return;
    if (this.seen.size >= rememberedAtMost) this.seen.clear();
    this.seen.add(userId);
    this.waiting.push({ day, userId });
    if (this.waiting.length === idsPerBundle) this.tick();
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), everyMs);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.telling;
    await this.tell().catch(() => undefined);
  }

  private tick(): void {
    this.telling ??= this.tell()
      .catch((error: unknown) => this.logger.debug({ error }, 'activity could not be told, it waits'))
      .finally(() => (this.telling = null));
  }

  /** One bundle holds one day; what cannot be told stays where it was. */
  private async tell(): Promise<void> {
    for (let first = this.waiting[0]; first; first = this.waiting[0]) {
      const { day } = first;
      const bundle = this.waiting.slice(0, idsPerBundle).filter((entry) => entry.day === day);
      const user_ids = bundle.map(({ userId }) => userId);
      await this.client.command(RecordActivity, { day, user_ids }, recorderCall());
      // Days come one after the other, so that a bundle is what stands in front.
      this.waiting.splice(0, bundle.length);
    }
  }
}

function recorderCall(): Call {
  return { request_id: randomUUID(), actor: { kind: 'system', name: 'gateway' }, channel: 'system', locale: 'en' };
}
