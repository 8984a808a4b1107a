import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { AppError } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../gateway.env.js';
import { AllowAccess, WithoutRateLimit } from '../rest/access.decorator.js';
import { updateSchema } from './telegram/update.rules.js';
import { UpdateWorker } from './telegram/update.worker.js';
import { isWebhookSecret } from './telegram/webhook-secret.rules.js';

/** Where Telegram sends updates (B-03). 200 confirms one; anything else has it sent again. */
@AllowAccess('public')
@Controller('telegram')
export class TelegramWebhookController {
  constructor(
    private readonly updates: UpdateWorker,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {}

  /** @throws AppError auth.webhook_secret_invalid, request.invalid, system.unavailable when there is no room or the bot is stopping. */
  @Post('webhook')
  @WithoutRateLimit()
  @HttpCode(200)
  @ApiExcludeEndpoint()
  async receive(
    @Headers('x-telegram-bot-api-secret-token') secret: string | undefined,
    @Body() body: unknown,
  ): Promise<{ ok: true }> {
    if (!isWebhookSecret(secret, this.settings.TELEGRAM_WEBHOOK_SECRET))
      throw new AppError('auth.webhook_secret_invalid');
    const update = updateSchema.safeParse(body);
    if (!update.success) throw AppError.invalid(update.error.issues);
    const handling = await this.updates.handle(update.data, { isOnlyReceiver: false });
    if (handling === 'busy') throw new AppError('system.unavailable');
    return { ok: true };
  }
}
