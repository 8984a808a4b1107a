import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Telegram } from 'telegraf';
import { InjectLogger, InjectSettings, type Logger } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import { backOffMs } from './back-off.rules.js';
import { GroupCheckWorker } from '../roster/group-check.worker.js';
import { RosterSweepWorker } from '../roster/roster-sweep.worker.js';
import { BotProfileWorker } from './bot-profile.worker.js';
import { PollingSource } from './polling.source.js';
import { timeLimit } from './telegram.client.js';
import { retryAfterMs } from './telegram.errors.js';
import { TelegramBot } from './telegram-bot.client.js';
import { UpdateWorker } from './update.worker.js';
import { WebhookSource } from './webhook.source.js';

/** Starts the bot beside the application, which does not wait for Telegram, and stops it before the broker goes. */
@Injectable()
export class BotListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly bot: TelegramBot,
    private readonly updates: UpdateWorker,
    private readonly polling: PollingSource,
    private readonly webhook: WebhookSource,
    private readonly profile: BotProfileWorker,
    private readonly groups: GroupCheckWorker,
    private readonly rosters: RosterSweepWorker,
    @InjectSettings() private readonly settings: GatewaySettings,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { telegraf } = this.bot;
    if (telegraf) this.running = this.run(telegraf.telegram);
    else this.logger.info({}, 'the bot is off: TELEGRAM_BOT_TOKEN is not set');
  }

  /** Nothing new is taken, what was taken is finished and confirmed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await Promise.all([this.updates.stop(), this.running]);
  }

  private async run(telegram: Telegram): Promise<void> {
    const isByWebhook = this.settings.TELEGRAM_WEBHOOK_SECRET !== undefined;
    await this.untilDone('learn its own name', () => this.introduce(telegram));
    void this.untilDone('set its commands', () => this.profile.sync(telegram, this.stop.signal));
    if (isByWebhook) await this.untilDone('set its webhook', () => this.webhook.set(telegram));
    else await this.untilDone('remove its webhook', () => this.webhook.remove(telegram));
    const { signal } = this.stop;
    const checking = Promise.all([this.groups.run(telegram, signal), this.rosters.run(telegram, signal)]);
    if (!isByWebhook) await this.polling.run(telegram, this.stop.signal);
    await checking;
  }

  private async introduce(telegram: Telegram): Promise<void> {
    const { telegraf } = this.bot;
    if (telegraf)
      telegraf.botInfo = await telegram.callApi('getMe', {}, { signal: timeLimit(10_000, this.stop.signal) });
  }

  /** Repeats until it works or the bot stops. */
  private async untilDone(goal: string, attempt: () => Promise<void>): Promise<void> {
    for (let failures = 1; !this.stop.signal.aborted; failures += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (this.stop.signal.aborted) return;
        const pauseMs = retryAfterMs(error) ?? backOffMs(failures, Math.random());
        this.logger.warn({ error, goal, pause_ms: pauseMs }, 'the bot could not start yet');
        await pause(pauseMs, undefined, { signal: this.stop.signal }).catch(() => undefined);
      }
    }
  }
}
