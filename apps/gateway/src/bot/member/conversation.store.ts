import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Cache } from '#cache';
import type { Clock } from '#messaging';
import { InjectCache, InjectClock } from '#service';
import type { BotContext } from '../bot.types.js';
import type { PlainTextKey } from '../menu.types.js';
import { chatKey, type ChatKind, type MemoName } from './cache-key.rules.js';

/** How long the bot waits for the next answer. */
const patienceMs = 15 * 60_000;
/** Kept longer than it is valid, so that a late answer can be told that it came late. */
const keptMs = 24 * 60 * 60_000;
const memoAtMost = 2_000;

const namePattern = /^[a-z][a-z0-9_]{1,31}$/;
const names = new Set<string>();

/** Something the bot asks for and waits to be told, with what it must remember meanwhile. */
export interface Conversation<Fields extends z.ZodObject> {
  readonly name: string;
  readonly fields: Fields;
  /** What is said to who sends something that cannot be the answer: a picture, say. */
  readonly reminder: PlainTextKey;
}

type Nothing = z.ZodObject<Record<never, never>>;
const nothing: Nothing = z.object({});

/** Declares a conversation, beside the feature that leads it. @throws Error when the name is taken. */
export function defineConversation(name: string, reminder: PlainTextKey): Conversation<Nothing>;
export function defineConversation<Fields extends z.ZodObject>(
  name: string,
  reminder: PlainTextKey,
  fields: Fields,
): Conversation<Fields>;
export function defineConversation(
  name: string,
  reminder: PlainTextKey,
  fields: z.ZodObject = nothing,
): Conversation<z.ZodObject> {
  if (!namePattern.test(name)) throw new Error(`a conversation's name is 2 to 32 of a-z 0-9 _, not "${name}"`);
  if (names.has(name)) throw new Error(`two conversations are called "${name}"`);
  names.add(name);
  return { name, reminder, fields };
}

const keptSchema = z.object({
  name: z.string(),
  reminder: z.string(),
  fields: z.record(z.string(), z.unknown()),
  until: z.int(),
});

/** A conversation that waits for its answer. */
export type Asked = Pick<z.infer<typeof keptSchema>, 'name' | 'reminder' | 'fields'>;

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

  /** Waits for an answer; ends what was asked before. */
  async begin<Fields extends z.ZodObject>(
    context: BotContext,
    { name, reminder }: Conversation<Fields>,
    fields: z.input<Fields>,
  ): Promise<void> {
    const kept = JSON.stringify({ name, reminder, fields, until: this.clock.now().getTime() + patienceMs });
    await this.cache.set(keyOf(context, 'conversation'), kept, keptMs).catch(() => undefined);
  }

  /** What was asked here, `expired` when it was too long ago, null when nothing. */
  async current(context: BotContext): Promise<Asked | 'expired' | null> {
    const kept = await this.cache.get(keyOf(context, 'conversation')).catch(() => null);
    const parsed = kept === null ? null : keptSchema.safeParse(JSON.parse(kept));
    if (!parsed?.success) return null;
    return parsed.data.until > this.clock.now().getTime() ? parsed.data : 'expired';
  }

  /** Ends what had been asked, if anything; returns whether the bot was still waiting for the answer. */
  async end(context: BotContext): Promise<boolean> {
    const state = await this.current(context);
    if (state === null) return false;
    await this.cache.delete(keyOf(context, 'conversation')).catch(() => undefined);
    return state !== 'expired';
  }

  /** Remembers for a day what is too long for a button, or too private. */
  async keep(context: BotContext, name: MemoName, value: string): Promise<void> {
    if (value.length > memoAtMost) return;
    await this.cache.set(keyOf(context, `memo:${name}`), value, keptMs).catch(() => undefined);
  }

  /** What was kept under the name; null when it is forgotten: ask again then. */
  async recall(context: BotContext, name: MemoName): Promise<string | null> {
    return this.cache.get(keyOf(context, `memo:${name}`)).catch(() => null);
  }
}

function keyOf(context: BotContext, kind: ChatKind): string {
  return chatKey(kind, context.chat?.id ?? 0, context.from?.id ?? 0);
}
