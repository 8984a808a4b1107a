import { isInside } from './access.check.js';
import type { EmulatorCore } from './emulator.core.js';
import { withFoundEntities } from './entity.finder.js';
import { participantOf } from './membership.change.js';
import type { ChatMember, ChatMessage, Contact, Location, Message, User } from './telegram.types.js';
import { type ChatRecord, type MemberRecord, toWire } from './world.store.js';

/** What a person does in the Telegram app, turned into messages and updates. Shared by tests and the chat page. */

const longestUserText = 4_096;

/** Writes a text into the private chat or a group; throws when the person could not do so in the app. */
export function sendText(
  core: EmulatorCore,
  member: MemberRecord,
  record: ChatRecord,
  text: string,
  threadId?: number,
): ChatMessage {
  if (text.trim() === '' || [...text].length > longestUserText) {
    throw new Error(`a message has 1 to ${longestUserText} characters`);
  }
  if (threadId !== undefined && !record.topics.some((topic) => topic.message_thread_id === threadId)) {
    throw new Error(`there is no topic ${threadId}`);
  }
  const entities = withFoundEntities(text);
  const thread = threadId === undefined ? {} : { message_thread_id: threadId, is_topic_message: true as const };
  return write(core, member, record, { text, ...(entities.length === 0 ? {} : { entities }), ...thread });
}

/** Shares a contact card in the private chat; without changes it is the member's own. */
export function sendContact(core: EmulatorCore, member: MemberRecord, card: Partial<Contact>): ChatMessage {
  const { id, first_name } = member.user;
  const own: Contact = { phone_number: `+7999${String(id).padStart(7, '0').slice(-7)}`, first_name, user_id: id };
  return write(core, member, core.world.requireChat(id), { contact: { ...own, ...card } });
}

/** Forwards a card that `author` has sent somewhere else into the private chat. */
export function forwardContact(core: EmulatorCore, member: MemberRecord, author: User, card: Contact): ChatMessage {
  const chat = core.world.requireChat(member.user.id);
  return write(core, member, chat, { contact: card, forward_origin: originOf(author) });
}

function originOf(author: User): NonNullable<Message['forward_origin']> {
  return { type: 'user', sender_user: author, date: Math.floor(Date.now() / 1000) };
}

/** Sends a position into the private chat: as the phone measures it with an accuracy, as a pin on the map without one. */
export function sendLocation(core: EmulatorCore, member: MemberRecord, location: Location): ChatMessage {
  return write(core, member, core.world.requireChat(member.user.id), { location });
}

/** Forwards the position that `author` has sent somewhere else into the private chat. */
export function forwardLocation(
  core: EmulatorCore,
  member: MemberRecord,
  author: User,
  location: Location,
): ChatMessage {
  const chat = core.world.requireChat(member.user.id);
  return write(core, member, chat, { location, forward_origin: originOf(author) });
}

/** Sends a place out of the app's list; Telegram puts its position beside it. */
export function sendVenue(core: EmulatorCore, member: MemberRecord, location: Location, title: string): ChatMessage {
  const venue = { location, title, address: '' };
  return write(core, member, core.world.requireChat(member.user.id), { location, venue });
}

/** Sends a photo into the private chat; the same `name` is the same photo. */
export function sendPhoto(core: EmulatorCore, member: MemberRecord, name: string, caption?: string): ChatMessage {
  const sizes = [90, 800].map((width) => ({
    file_id: `photo-${name}-${width}`,
    file_unique_id: `unique-${name}-${width}`,
    width,
    height: width,
  }));
  const content = { photo: sizes, ...(caption === undefined ? {} : { caption }) };
  return write(core, member, core.world.requireChat(member.user.id), content);
}

function write(core: EmulatorCore, member: MemberRecord, record: ChatRecord, content: Partial<Message>): ChatMessage {
  const isPrivate = record.chat.type === 'private';
  if (isPrivate && member.blocked) {
    throw new Error('the member has blocked the bot');
  }
  if (!isPrivate && !mayWrite(participantOf(core, record, member.user))) {
    throw new Error('the member may not write into this group');
  }
  core.world.acted(member);
  member.started ||= isPrivate;
  const message = core.world.append(record, { from: member.user, ...content });
  if (isPrivate || botReads(core, record, message)) {
    core.report('message', toWire(message), record.chat.id);
  }
  return message;
}

function mayWrite(participant: ChatMember): boolean {
  return isInside(participant) && !(participant.status === 'restricted' && participant['can_send_messages'] === false);
}

/** Privacy mode: a bot that is no administrator sees only commands and answers to itself. */
function botReads(core: EmulatorCore, record: ChatRecord, message: ChatMessage): boolean {
  const isForBot = message.text?.startsWith('/') === true || message.reply_to_message?.from?.id === core.bot.id;
  return core.isBotAdmin(record) || (isForBot && isInside(core.botIn(record)));
}

/** Opens the bot by `t.me/<bot>?start=<payload>` and presses Start, which also unblocks. */
export function pressStart(core: EmulatorCore, member: MemberRecord, payload?: string): ChatMessage {
  if (payload !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(payload)) {
    throw new Error('a start payload has 1 to 64 characters of A-Z, a-z, 0-9, _ and -');
  }
  setBlocked(core, member, false);
  return sendText(
    core,
    member,
    core.world.requireChat(member.user.id),
    payload === undefined ? '/start' : `/start ${payload}`,
  );
}

/** Blocks or unblocks the bot: a my_chat_member update, when that changes anything. */
export function setBlocked(core: EmulatorCore, member: MemberRecord, blocked: boolean): void {
  if (member.blocked === blocked) {
    return;
  }
  const statusOf = (isBlocked: boolean): ChatMember =>
    isBlocked ? { user: core.bot, status: 'kicked', until_date: 0 } : { user: core.bot, status: 'member' };
  member.blocked = blocked;
  core.world.acted(member);
  core.report(
    'my_chat_member',
    chatMemberUpdate(core, member.user, statusOf(!blocked), statusOf(blocked)),
    member.user.id,
  );
  core.world.changed(member.user.id);
}

function chatMemberUpdate(core: EmulatorCore, user: User, previous: ChatMember, next: ChatMember): object {
  const chat = core.world.requireChat(user.id).chat;
  return { chat, from: user, date: core.seconds(), old_chat_member: previous, new_chat_member: next };
}

/** Presses an inline button; resolves with the bot's answer. */
export function pressCallback(
  core: EmulatorCore,
  member: MemberRecord,
  message: ChatMessage,
  data: string,
  timeoutMs: number,
): Promise<Record<string, unknown>> {
  const { id, answer } = core.callbackQueries.open(timeoutMs);
  core.world.acted(member);
  const query = { id, from: member.user, message: toWire(message), chat_instance: String(message.chat.id), data };
  core.report('callback_query', query, message.chat.id);
  return answer;
}

export function askInline(
  core: EmulatorCore,
  member: MemberRecord,
  text: string,
  timeoutMs: number,
): Promise<Record<string, unknown>> {
  const { id, answer } = core.inlineQueries.open(timeoutMs);
  core.world.acted(member);
  const query = { id, from: member.user, query: text, offset: '', chat_type: 'sender' };
  core.updates.push('inline_query', query, `inline:${member.user.id}`);
  core.markChanged();
  return answer;
}
