import type { EmulatorCore } from './emulator.core.js';
import type { EmulatedMember } from './member.driver.js';
import { changeMembership } from './membership.change.js';
import { openTopic } from './methods/invite.methods.js';
import type { ChatMember, ChatMessage, ParticipantStatus, User } from './telegram.types.js';
import { upgradeGroup } from './group.upgrade.js';
import { type ChatRecord, type GroupProfile, toWire } from './world.store.js';

/** Telegram's account that stands for anonymous administrators. */
const anonymousAdmin: User = { id: 1_087_968_824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };

const everyRight = {
  can_be_edited: false,
  is_anonymous: false,
  can_manage_chat: true,
  can_delete_messages: true,
  can_manage_video_chats: true,
  can_restrict_members: true,
  can_promote_members: false,
  can_change_info: true,
  can_invite_users: true,
  can_pin_messages: true,
  can_manage_topics: true,
};

/** A group seen from outside: what it holds, and what its owner can do. */
export class EmulatedGroup {
  constructor(
    private readonly core: EmulatorCore,
    readonly id: number,
  ) {}

  get title(): string {
    return this.record.chat.title ?? '';
  }

  /** Opens a topic (forums only); returns its `message_thread_id`. */
  topic(name: string): number {
    const known = this.record.topics.find((topic) => topic.name === name);
    if (known !== undefined) {
      return known.message_thread_id;
    }
    const id = openTopic(this.core, this.record, name, this.core.bot);
    this.core.saveSoon();
    return id;
  }

  /** All messages, oldest first; of one topic when asked. */
  messages(threadId?: number): ChatMessage[] {
    const messages = this.record.messages.filter(
      (message) => threadId === undefined || message.message_thread_id === threadId,
    );
    return structuredClone(messages);
  }

  statusOf(member: EmulatedMember): ParticipantStatus {
    return this.record.participants[member.id]?.status ?? 'left';
  }

  /** Makes somebody creator, administrator or plain member, or removes them, in the name of `by` (default: themselves). */
  setStatus(member: EmulatedMember, status: ParticipantStatus, by: EmulatedMember = member): void {
    const next: ChatMember = { user: member.user, status, ...(status === 'administrator' ? everyRight : {}) };
    changeMembership(this.core, this.record, { next, by: by.user });
    this.core.saveSoon();
  }

  /** Somebody comes or goes and the bot never hears of it, as when Telegram has kept an update for its day and dropped it. */
  setStatusUnheard(member: EmulatedMember, status: ParticipantStatus): void {
    this.record.participants[member.id] = { user: member.user, status };
    this.core.world.changed(this.id);
    this.core.saveSoon();
  }

  /** Changes what the bot is here, in the name of `by`; `rights` takes single rights away from an administrator. */
  setBot(status: ParticipantStatus, by: EmulatedMember, rights: Record<string, boolean> = {}): void {
    const all = status === 'administrator' ? { ...everyRight, ...rights } : {};
    changeMembership(this.core, this.record, { next: { ...all, user: this.core.bot, status }, by: by.user });
    this.core.saveSoon();
  }

  /** Restricts somebody, who stays in the group or is kept out of it. */
  restrict(member: EmulatedMember, isMember: boolean, by: EmulatedMember): void {
    const next: ChatMember = { user: member.user, status: 'restricted', is_member: isMember, can_send_messages: false };
    changeMembership(this.core, this.record, { next, by: by.user });
    this.core.saveSoon();
  }

  /** An anonymous administrator writes: Telegram shows the group itself as the sender. */
  async sendAnonymously(text: string): Promise<void> {
    const message = this.core.world.append(this.record, { from: anonymousAdmin, sender_chat: this.record.chat, text });
    if (this.core.isBotAdmin(this.record)) {
      this.core.report('message', toWire(message), this.id);
    }
    await this.core.flush();
  }

  /** Turns this group into a supergroup, as Telegram does when it grows or becomes public; everybody moves, messages stay behind. */
  async upgrade(by: EmulatedMember): Promise<EmulatedGroup> {
    const supergroup = upgradeGroup(this.core, this.record, by.user);
    await this.core.flush();
    return new EmulatedGroup(this.core, supergroup.chat.id);
  }

  private get record(): ChatRecord {
    return this.core.world.requireChat(this.id);
  }
}

/** Creates the group, or updates the one with this id, with the bot in it as the profile says. */
export function createGroup(core: EmulatorCore, profile: GroupProfile): EmulatedGroup {
  const record = core.world.putGroup(profile);
  const status = profile.bot ?? 'administrator';
  record.participants[core.bot.id] ??= { ...(status === 'administrator' ? everyRight : {}), user: core.bot, status };
  core.saveSoon();
  return new EmulatedGroup(core, record.chat.id);
}
