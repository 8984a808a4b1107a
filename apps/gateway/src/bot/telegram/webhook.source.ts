import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Telegram } from 'telegraf';
import type { Cache } from '#cache';
import { InjectCache, InjectLogger, InjectSettings, type Logger } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import { allowedUpdates } from '../bot.types.js';

const rememberedMs = 60_000;
const connectionsAtMost = 40;

/** Tells Telegram where to send updates (B-03), or that we come for them. */
@Injectable()
export class WebhookSource {
  constructor(
    @InjectSettings() private readonly settings: GatewaySettings,
    @InjectCache() private readonly cache: Cache,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Sets the webhook; of replicas that start together one does. Rejects when Telegram does not take it. */
  async set(telegram: Telegram): Promise<void> {
    const url = `${this.settings.PUBLIC_URL.replace(/\/+$/, '')}/telegram/webhook`;
    const secret = this.settings.TELEGRAM_WEBHOOK_SECRET ?? '';
    const mark = `bot:webhook:${createHash('sha256')
      .update([url, secret, ...allowedUpdates].join('\n'))
      .digest('hex')}`;
    const isFirst = await this.cache.putIfAbsent(mark, 'set', rememberedMs).catch(() => true);
    const known = await telegram.getWebhookInfo();
    if (!isFirst && known.url === url) return;
    try {
      const options = { allowed_updates: allowedUpdates, secret_token: secret, max_connections: connectionsAtMost };
      await telegram.callApi('setWebhook', { url, ...options });
    } catch (error) {
      await this.cache.delete(mark).catch(() => undefined);
      throw error;
    }
    await this.verify(telegram);
    this.logger.info({ url }, 'Telegram sends updates by webhook');
  }

  /** Polling and a webhook exclude each other; what waits is kept. */
  async remove(telegram: Telegram): Promise<void> {
    const { url } = await telegram.getWebhookInfo();
    if (url) await telegram.deleteWebhook({ drop_pending_updates: false });
  }

  /** An update type that is missing here would never come, and nobody would notice. */
  private async verify(telegram: Telegram): Promise<void> {
    const { allowed_updates: agreed = [] } = await telegram.getWebhookInfo();
    const missing = allowedUpdates.filter((type) => !agreed.includes(type));
    if (missing.length > 0) this.logger.warn({ missing }, 'Telegram will not send all kinds of updates');
  }
}
