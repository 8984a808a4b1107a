import { EventEmitter } from 'node:events';
import { badRequest } from './api.failure.js';
import { bounds } from './emulator.options.js';
import type { Chat, ChatMember, ChatMessage, InviteLink, Message, User } from './telegram.types.js';

export interface MemberProfile {
  id?: number;
  first_name: string;
  last_name?: string;
  username?: string;
  /** IETF language tag of the member's Telegram, e.g. `zh-hans`, `en`, `ru`. */
  language_code?: string;
}

export interface GroupProfile {
  title: string;
  /** Default supergroup. */
  type?: 'group' | 'supergroup';
  /** With topics. Default false. */
  forum?: boolean;
  /** Needed when the bot is configured with a fixed id. */
  id?: number;
  username?: string;
  /** What the bot is in the group. Default administrator with every right. */
  bot?: 'administrator' | 'member' | 'left';
}

export interface MemberRecord {
  user: User;
  started: boolean;
  blocked: boolean;
  deactivated: boolean;
  /** Until when the bot may write because of a join request, epoch milliseconds. */
  writableUntil: number;
  /** The world's revision when the member last did something. */
  actedAt: number;
}

export interface Topic {
  message_thread_id: number;
  name: string;
}

export interface ChatRecord {
  chat: Chat;
  messages: ChatMessage[];
  lastMessageId: number;
  /** By user id; empty in private chats. */
  participants: Record<string, ChatMember>;
  topics: Topic[];
  links: InviteLink[];
  /** Who asked to join, and by which link. */
  joinRequests: Record<string, { date: number; invite_link?: string }>;
  /** By which link a member came in last, by user id. */
  joinedBy: Record<string, string>;
  menuButton?: unknown;
  /** The supergroup that this group has become. */
  upgradedTo?: number;
}

export interface WorldState {
  members: MemberRecord[];
  chats: ChatRecord[];
  revision: number;
}

/** Members, chats and messages: everything a person could see. Emits `change` with the id of the chat that changed. */
export class World {
  private readonly members = new Map<number, MemberRecord>();
  private readonly chats = new Map<number, ChatRecord>();
  private revision = 0;
  readonly events = new EventEmitter<{ change: [chatId: number] }>();

  constructor(private readonly seconds: () => number) {
    // Each waiting test and each open page listens.
    this.events.setMaxListeners(0);
  }

  /** Creates the member, or updates the profile of the one with this id. */
  putMember(profile: MemberProfile): MemberRecord {
    const known = profile.id === undefined ? undefined : this.members.get(profile.id);
    const id = profile.id ?? this.freeMemberId();
    const user: User = { ...known?.user, ...profile, id, is_bot: false };
    if (known === undefined && this.members.size >= bounds.members) {
      throw new Error('the emulator is full of members');
    }
    const fresh = { started: false, blocked: false, deactivated: false, writableUntil: 0, actedAt: 0 };
    const record: MemberRecord = { ...fresh, ...known, user };
    this.members.set(id, record);
    const names = { first_name: user.first_name, last_name: user.last_name, username: user.username };
    const chat = this.chats.get(id) ?? emptyChat({ id, type: 'private', ...names });
    chat.chat = { id, type: 'private', ...names };
    this.chats.set(id, chat);
    this.changed(id);
    return record;
  }

  putGroup(profile: GroupProfile): ChatRecord {
    const type = profile.type ?? 'supergroup';
    const id = profile.id ?? this.freeGroupId(type);
    const record = this.chats.get(id) ?? emptyChat({ id, type });
    const forum = profile.forum === true ? { is_forum: true } : {};
    record.chat = {
      id,
      type,
      title: profile.title,
      ...(profile.username === undefined ? {} : { username: profile.username }),
      ...forum,
    };
    this.chats.set(id, record);
    this.changed(id);
    return record;
  }

  member(id: number): MemberRecord | undefined {
    return this.members.get(id);
  }

  requireMember(id: number): MemberRecord {
    const record = this.members.get(id);
    if (record === undefined) {
      throw new Error(`there is no member ${id}`);
    }
    return record;
  }

  chat(id: number | string): ChatRecord | undefined {
    if (typeof id === 'number') {
      return this.chats.get(id);
    }
    const username = id.replace(/^@/, '').toLowerCase();
    return this.allChats().find(({ chat }) => chat.type !== 'private' && chat.username?.toLowerCase() === username);
  }

  requireChat(id: number | string): ChatRecord {
    const record = this.chat(id);
    if (record === undefined) {
      throw badRequest('chat not found');
    }
    return record;
  }

  allMembers(): MemberRecord[] {
    return [...this.members.values()];
  }

  allChats(): ChatRecord[] {
    return [...this.chats.values()];
  }

  /** Writes a message into the chat; the oldest ones are forgotten beyond the bound. */
  append(
    record: ChatRecord,
    content: Omit<Message, 'message_id' | 'date' | 'chat'> & Partial<ChatMessage>,
  ): ChatMessage {
    record.lastMessageId += 1;
    const message: ChatMessage = {
      message_id: record.lastMessageId,
      ...content,
      chat: record.chat,
      date: this.seconds(),
      revision: this.nextRevision(),
    };
    record.messages.push(message);
    if (record.messages.length > bounds.messagesPerChat) {
      record.messages.shift();
    }
    this.changed(record.chat.id);
    return message;
  }

  /** Notes that the message was edited. */
  touch(record: ChatRecord, message: ChatMessage): void {
    message.revision = this.nextRevision();
    this.changed(record.chat.id);
  }

  acted(member: MemberRecord): void {
    member.actedAt = this.nextRevision();
  }

  changed(chatId: number): void {
    this.events.emit('change', chatId);
  }

  snapshot(): WorldState {
    return { members: this.allMembers(), chats: this.allChats(), revision: this.revision };
  }

  restore(state: WorldState): void {
    for (const member of state.members) {
      this.members.set(member.user.id, member);
    }
    for (const chat of state.chats) {
      this.chats.set(chat.chat.id, chat);
    }
    this.revision = state.revision;
  }

  private nextRevision(): number {
    this.revision += 1;
    return this.revision;
  }

  private freeMemberId(): number {
    let id = 10_001 + this.members.size;
    while (this.members.has(id)) {
      id += 1;
    }
    return id;
  }

  private freeGroupId(type: 'group' | 'supergroup'): number {
    let number = 1 + this.chats.size;
    const idOf = (): number => (type === 'supergroup' ? -1_001_000_000_000 - number : -10_000 - number);
    while (this.chats.has(idOf())) {
      number += 1;
    }
    return idOf();
  }
}

function emptyChat(chat: Chat): ChatRecord {
  return {
    chat,
    messages: [],
    lastMessageId: 0,
    participants: {},
    topics: [],
    links: [],
    joinRequests: {},
    joinedBy: {},
  };
}

/** The message as the Bot API hands it out: without what only people see. */
export function toWire(message: ChatMessage): Message {
  const { keyboard: _keyboard, revision: _revision, ...wire } = message;
  return wire;
}
