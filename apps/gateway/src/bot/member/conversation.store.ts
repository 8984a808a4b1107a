import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Cache } from '#cache';
import type { Clock } from '#messaging';
import { InjectCache, InjectClock } from '#service';
import type { BotContext } from '../bot.types.js';

/** How long the bot waits for the next answer. */
const patienceMs = 15 * 60_000;
/** Kept longer than it is valid, so that a late answer can be told that it came late. */
const keptMs = 24 * 60 * 60_000;

const stateSchema = z.discriminatedUnion('asks', [
  /** For an invite code. */
  z.object({ asks: z.literal('invite_code') }),
  /** For an e-mail address. */
  z.object({ asks: z.literal('address') }),
  /** Nothing: it remembers the address which the buttons below a code or an offer are about. */
  z.object({ asks: z.literal('nothing'), address: z.string().max(320) }),
]);
export type ConversationState = z.infer<typeof stateSchema>;

const keptSchema = z.object({ state: stateSchema, until: z.int() });

/**
 * What the bot has asked whom, in which chat: in the cache, so that any replica can take the answer and restarts do not end
 * a conversation. When the cache is away there are no conversations; commands with an argument still work.
 */
@Injectable()
export class ConversationStore {
  constructor(
    @InjectCache() private readonly cache: Cache,
    @InjectClock() private readonly clock: Clock,
  ) {}

  async begin(context: BotContext, state: ConversationState): Promise<void> {
    const kept = JSON.stringify({ state, until: this.clock.now().getTime() + patienceMs });
    await this.cache.set(keyOf(context), kept, keptMs).catch(() => undefined);
  }

  /** What was asked here, `expired` when it was too long ago, null when nothing. */
  async current(context: BotContext): Promise<ConversationState | 'expired' | null> {
    const kept = await this.cache.get(keyOf(context)).catch(() => null);
    const parsed = kept === null ? null : keptSchema.safeParse(JSON.parse(kept));
    if (!parsed?.success) return null;
    if (parsed.data.until > this.clock.now().getTime()) return parsed.data.state;
    return parsed.data.state.asks === 'nothing' ? null : 'expired';
  }

  /** Ends what had been asked, if anything; returns whether it had. */
  async end(context: BotContext): Promise<boolean> {
    const state = await this.current(context);
    if (state === null || (state !== 'expired' && state.asks === 'nothing')) return false;
    await this.cache.delete(keyOf(context)).catch(() => undefined);
    return state !== 'expired';
  }
}

function keyOf(context: BotContext): string {
  return `bot:conversation:${context.chat?.id ?? 0}:${context.from?.id ?? 0}`;
}
