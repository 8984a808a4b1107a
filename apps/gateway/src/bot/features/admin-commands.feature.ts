import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import type { Cache } from '#cache';
import { InjectCache, InjectLogger, type Logger } from '#service';
import { markKey } from '../member/cache-key.rules.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { hasAdminMenu } from './admin.keyboard.js';

const rememberedMs = 30 * 24 * 60 * 60_000;
const occasions = /^\/(?:start|menu|admin)(?:\s|$)/;

/**
 * Shows admins their commands in their own chat with the bot, in their language, and takes them back from who is none any more.
 * Telegram knows no such scope, so it happens when they come by.
 */
@Injectable()
export class AdminCommandsFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(
    @InjectCache() private readonly cache: Cache,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.composer.use(async (context, next) => {
      await next();
      if (context.chat?.type === 'private' && occasions.test(context.text ?? '')) {
        await this.settle(context).catch((error: unknown) => {
          this.logger.warn({ error }, "an admin's commands could not be set");
        });
      }
    });
  }

  private async settle(context: BotContext): Promise<void> {
    const { visit, chat } = context;
    if (!visit.knowsPermissions) return;
    const mark = markKey('admin-commands', visit.member.telegram_id);
    const known = await this.cache.get(mark);
    const scope = { type: 'chat', chat_id: chat?.id ?? 0 } as const;
    if (!hasAdminMenu(visit)) {
      if (known === null) return;
      await context.telegram.deleteMyCommands({ scope });
      return this.cache.delete(mark);
    }
    const words = visit.menu.commandsIn(['private', 'admin']);
    const commands = words.map(({ name, description }) => ({ command: name, description: visit.text(description) }));
    const wanted = createHash('sha256').update(JSON.stringify(commands)).digest('base64url');
    if (wanted === known) return;
    await context.telegram.setMyCommands(commands, { scope });
    await this.cache.set(mark, wanted, rememberedMs);
  }
}
