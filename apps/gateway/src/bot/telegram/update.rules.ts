import { z } from 'zod';

/** The least an update must be; what is inside is telegraf's business. */
export const updateSchema = z.looseObject({ update_id: z.int() });
export type IncomingUpdate = z.infer<typeof updateSchema>;

/** What kind of update it is: one of the names asked for, else `other`. */
export function typeOf<Type extends string>(update: IncomingUpdate, known: readonly Type[]): Type | 'other' {
  return known.find((type) => update[type] !== undefined) ?? 'other';
}

/** Updates of one lane are handled in order: those of a chat, or where there is none, of a person. */
export function laneOf(update: IncomingUpdate): string {
  const inside = Object.entries(update).find(([key, value]) => key !== 'update_id' && isRecord(value))?.[1];
  if (!isRecord(inside)) return 'none';
  const message = isRecord(inside['message']) ? inside['message'] : inside;
  const place = [message['chat'], inside['chat'], inside['from']].find(isRecord);
  return String(place?.['id'] ?? 'none');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Telegram's own accounts that stand for somebody else: anonymous admins and posts forwarded from a linked channel. */
const standIns: readonly number[] = [1_087_968_824, 777_000];

interface Sender {
  readonly from?: { readonly id: number; readonly is_bot: boolean } | undefined;
  readonly sender_chat?: unknown;
}

/** Whether a person wrote it who can have an account: no bot, no channel, no anonymous admin. */
export function isFromPerson({ from, sender_chat }: Sender): boolean {
  return from !== undefined && !from.is_bot && sender_chat === undefined && !standIns.includes(from.id);
}

/**
 * The command a group's message gives to this bot, in lower case: one that names the bot, or a bare one that only this bot has.
 * Other bare commands may be meant for another bot of the group; undefined for them and for everything else people talk about.
 */
export function groupCommandOf(
  text: string | undefined,
  botName: string,
  commands: { isOursInGroups(name: string): boolean },
): string | undefined {
  const [, command, addressee] = /^\/([a-z0-9_]{1,32})(?:@(\w{3,64}))?(?:\s|$)/i.exec(text ?? '') ?? [];
  if (command === undefined) return undefined;
  const name = command.toLowerCase();
  const isOurs =
    addressee === undefined ? commands.isOursInGroups(name) : addressee.toLowerCase() === botName.toLowerCase();
  return isOurs ? name : undefined;
}

/** A token is `<bot id>:<secret>`; the id is public. */
export function botIdOf(token: string): string {
  return token.slice(0, Math.max(0, token.indexOf(':')));
}

/** Under which name an update's calls are found in logs and audit entries. */
export function requestIdOf(updateId: number): string {
  return `tg-${updateId}`;
}

/** The same for every delivery of an update: commands sent for it exist once. */
export function idempotencyKeyOf(botId: string, updateId: number): string {
  return `tg:${botId}:${updateId}`;
}

interface Press {
  readonly message?: { readonly message_id: number; readonly chat: { readonly id: number } } | undefined;
  readonly data?: string;
}

/** The same for every press of one button of one message; undefined for what is no press, or one in a message we did not write. */
export function pressKeyOf(botId: string, press: Press | undefined): string | undefined {
  if (press?.message === undefined || press.data === undefined) return undefined;
  return `tg:${botId}:press:${press.message.chat.id}:${press.message.message_id}:${press.data}`;
}
