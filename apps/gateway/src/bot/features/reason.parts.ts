import type { Composer } from 'telegraf';
import type { z } from 'zod';
import { reasonSchema, type PermissionName } from '#contracts';
import type { BotContext } from '../bot.types.js';
import { answerDecides } from '../feature.parts.js';
import type { Conversation } from '../member/conversation.store.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { cancelButton } from './menu.view.js';

/** Takes the reason of a decision as its answer, from whose role has the permission; one no contract would take is asked for again. */
export function reasonDecides<Fields extends z.ZodObject>(
  composer: Composer<BotContext>,
  permission: PermissionName,
  conversation: Conversation<Fields>,
  handle: (context: BotContext, reason: string, fields: z.output<Fields>) => Promise<void>,
): void {
  answerDecides(composer, permission, conversation, async (context, text, fields) => {
    const { visit } = context;
    if (reasonSchema.safeParse(text).success) return handle(context, text, fields);
    await sendAnswer(context, visit.html('bot_admin.reason.again'), [[cancelButton(visit)]]);
  });
}
