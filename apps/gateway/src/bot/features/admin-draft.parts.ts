import type { z } from 'zod';
import type { BotContext } from '../bot.types.js';
import type { MemoName } from '../member/cache-key.rules.js';
import type { ConversationStore } from '../member/conversation.store.js';

/**
 * Keeps what an admin is about to do until it is confirmed, and returns its number for the button. Only the newest of a kind is
 * kept, so that the confirmation below an older message confirms nothing.
 */
export async function keepDraft(
  store: ConversationStore,
  context: BotContext,
  kind: MemoName,
  fields: object,
): Promise<string> {
  const draft = String(context.update.update_id);
  await store.keep(context, kind, JSON.stringify({ draft, fields }));
  return draft;
}

/** What is to be confirmed; null when it is not the newest any more, or forgotten. */
export async function recallDraft<Schema extends z.ZodType>(
  store: ConversationStore,
  context: BotContext,
  kind: MemoName,
  { draft, schema }: { draft: string; schema: Schema },
): Promise<z.output<Schema> | null> {
  const kept = await store.recall(context, kind);
  const parsed: unknown = kept === null ? null : JSON.parse(kept);
  if (typeof parsed !== 'object' || parsed === null || !('draft' in parsed) || parsed.draft !== draft) return null;
  return schema.safeParse('fields' in parsed ? parsed.fields : null).data ?? null;
}
