import type { RecordGroupBot, RecordGroupSightings, MigrateGroup, InputOf, Sighting } from '#contracts';
import { isFromPerson } from '../telegram/update.rules.js';

/** What an update says about who is where (U-12). */
export type RosterNews =
  | { readonly kind: 'sightings'; readonly input: InputOf<typeof RecordGroupSightings> }
  /** Somebody wrote: said again with every message, so it may be left out when it was said lately. */
  | { readonly kind: 'author'; readonly input: InputOf<typeof RecordGroupSightings> }
  | { readonly kind: 'bot'; readonly input: InputOf<typeof RecordGroupBot> }
  | { readonly kind: 'migration'; readonly input: InputOf<typeof MigrateGroup> }
  | { readonly kind: 'reach'; readonly telegramId: string; readonly reachable: boolean; readonly at: string };

interface User {
  id: number;
  is_bot: boolean;
  first_name: string;
  username?: string;
}

interface Chat {
  id: number;
  type: string;
  title?: string;
  username?: string;
}

type Status = InputOf<typeof RecordGroupBot>['status'];

export interface ChatMember {
  user: User;
  status: Status;
  is_member?: boolean;
  [right: string]: unknown;
}

interface MemberChange {
  chat: Chat;
  from: User;
  date: number;
  new_chat_member: ChatMember;
}

interface Message {
  chat: Chat;
  date: number;
  from?: User;
  sender_chat?: unknown;
  message_thread_id?: number;
  is_topic_message?: boolean;
  new_chat_members?: User[];
  left_chat_member?: User;
  migrate_to_chat_id?: number;
  migrate_from_chat_id?: number;
}

/** The parts of an update that are of interest here; telegraf's types say the same in many more words. */
export interface RosterUpdate {
  update_id: number;
  message?: Message;
  chat_member?: MemberChange;
  my_chat_member?: MemberChange;
  chat_join_request?: { chat: Chat; from: User; date: number };
}

/** Everything an update says, in the order in which it has to be told. */
export function newsOf(update: RosterUpdate): RosterNews[] {
  if (update.chat_member) return ofChange(update.chat_member, update.update_id);
  if (update.my_chat_member) return ofBot(update.my_chat_member, update.update_id);
  if (update.chat_join_request) {
    const { chat, from, date } = update.chat_join_request;
    return seen(chat, [sighting(from, 'out', 'left', 'join_request', date, update.update_id)]);
  }
  return update.message ? ofMessage(update.message, update.update_id) : [];
}

/** In: creator, administrator, member, and whoever is restricted inside; out: everybody else (U-12). */
export function standingOf({ status, is_member }: Pick<ChatMember, 'status' | 'is_member'>): 'in' | 'out' {
  if (status === 'restricted') return is_member === true ? 'in' : 'out';
  return status === 'left' || status === 'kicked' ? 'out' : 'in';
}

/** The names of the rights that somebody has. */
export function rightsOf(member: ChatMember): string[] {
  return Object.entries(member)
    .filter(([name, value]) => name.startsWith('can_') && value === true)
    .map(([name]) => name)
    .sort();
}

export function groupOf(chat: Chat): InputOf<typeof RecordGroupBot>['chat'] | null {
  if (chat.type !== 'group' && chat.type !== 'supergroup') return null;
  const title = (chat.title ?? '').slice(0, 255) || String(chat.id);
  return { chat_id: String(chat.id), kind: chat.type, title, username: chat.username?.slice(0, 64) ?? null };
}

export function sighting(
  user: User,
  standing: Sighting['standing'],
  status: Status | null,
  source: Sighting['source'],
  seconds: number,
  order: number,
): Sighting {
  return {
    telegram_id: String(user.id),
    first_name: user.first_name.slice(0, 128),
    username: user.username?.slice(0, 64) ?? null,
    standing,
    telegram_status: status,
    source,
    at: timeOf(seconds),
    order,
  };
}

function ofChange({ chat, date, new_chat_member: member }: MemberChange, order: number): RosterNews[] {
  if (member.user.is_bot) return [];
  return seen(chat, [sighting(member.user, standingOf(member), member.status, 'chat_member', date, order)]);
}

function ofBot({ chat, from, date, new_chat_member: bot }: MemberChange, order: number): RosterNews[] {
  if (chat.type === 'private') {
    return [{ kind: 'reach', telegramId: String(from.id), reachable: bot.status !== 'kicked', at: timeOf(date) }];
  }
  const group = groupOf(chat);
  if (!group) return [];
  return [{ kind: 'bot', input: { chat: group, status: bot.status, rights: rightsOf(bot), at: timeOf(date), order } }];
}

function ofMessage(message: Message, order: number): RosterNews[] {
  const { chat, date } = message;
  const group = groupOf(chat);
  if (!group) return [];
  const said = { at: timeOf(date), order };
  if (message.migrate_to_chat_id !== undefined) {
    const next = { ...group, chat_id: String(message.migrate_to_chat_id), kind: 'supergroup' as const };
    return [{ kind: 'migration', input: { from_chat_id: group.chat_id, chat: next, ...said } }];
  }
  if (message.migrate_from_chat_id !== undefined) {
    return [{ kind: 'migration', input: { from_chat_id: String(message.migrate_from_chat_id), chat: group, ...said } }];
  }
  const people = (users: readonly User[]): User[] => users.filter(({ is_bot }) => !is_bot);
  if (message.new_chat_members) {
    const members = people(message.new_chat_members);
    return seen(
      chat,
      members.map((user) => sighting(user, 'in', 'member', 'service_message', date, order)),
    );
  }
  if (message.left_chat_member) {
    const members = people([message.left_chat_member]);
    return seen(
      chat,
      members.map((user) => sighting(user, 'out', 'left', 'service_message', date, order)),
    );
  }
  if (!message.from || !isFromPerson(message)) return [];
  const standing = provesMembership(message) ? 'in' : 'unknown';
  return [
    {
      kind: 'author',
      input: { chat: group, sightings: [sighting(message.from, standing, null, 'message', date, order)] },
    },
  ];
}

/**
 * Whether only a member can have written this: in a public group and below the posts of a linked channel others can, too. (A thread
 * that is no topic may be either a reply or such a comment.)
 */
function provesMembership({ chat, message_thread_id: thread, is_topic_message: isTopic }: Message): boolean {
  return chat.username === undefined && (thread === undefined || isTopic === true);
}

function seen(chat: Chat, sightings: Sighting[]): RosterNews[] {
  const group = groupOf(chat);
  return group && sightings.length > 0 ? [{ kind: 'sightings', input: { chat: group, sightings } }] : [];
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
