import { createHmac, hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectSettings } from '#service';
import type { UserSettings } from '../user.env.js';

/** Tells a Telegram account from another without naming it: what may be kept when everything else about a member is erased. */
@Injectable()
export class TelegramIdentity {
  private readonly key: Buffer;

  constructor(@InjectSettings() settings: UserSettings) {
    this.key = Buffer.from(hkdfSync('sha256', settings.AUTH_SECRET, '', 'coser telegram identity', 32));
  }

  hashOf(telegramId: string): string {
    return createHmac('sha256', this.key).update(telegramId).digest('hex');
  }
}
