import { isInside } from './access.check.js';
import { currentKeyboard } from './button.finder.js';
import type { EmulatorCore } from './emulator.core.js';
import { commandsFor, profileText } from './methods/profile.methods.js';
import type { ChatMessage } from './telegram.types.js';
import type { ChatRecord, MemberRecord } from './world.store.js';

/** What the chat page shows. Load tests create many members; the page lists only the newest of them. */

const listedMembers = 100;

/** Two letters of the member's language, as commands and texts are kept by. */
export function languageOf(member: MemberRecord): string {
  return (member.user.language_code ?? 'en').slice(0, 2).toLowerCase();
}

export function overview(core: EmulatorCore): object {
  const members = core.world.allMembers().sort((left, right) => right.actedAt - left.actedAt);
  return {
    bot: { id: core.bot.id, username: core.bot.username },
    mailbox: core.options.mail?.mailbox ?? null,
    pending_updates: core.updates.size,
    member_count: members.length,
    members: members.slice(0, listedMembers).map((member) => describeMember(core, member)),
  };
}

function describeMember(core: EmulatorCore, member: MemberRecord): object {
  const last = core.world.chat(member.user.id)?.messages.at(-1);
  const groups = core.world.allChats().filter(({ participants }) => isInside(participants[member.user.id]));
  return {
    ...member.user,
    started: member.started,
    blocked: member.blocked,
    last: last === undefined ? null : { date: last.date, preview: preview(last) },
    groups: groups.map(({ chat, topics }) => ({ id: chat.id, title: chat.title, topics })),
  };
}

function preview(message: ChatMessage): string {
  const text = message.text ?? message.caption ?? message.contact?.phone_number ?? '';
  return [...text].slice(0, 80).join('').replaceAll('\n', ' ');
}

/** One chat with the eyes of one member. */
export function chatView(core: EmulatorCore, member: MemberRecord, record: ChatRecord): object {
  const language = languageOf(member);
  const isPrivate = record.chat.type === 'private';
  return {
    chat: record.chat,
    topics: record.topics,
    member: { ...member.user, started: member.started, blocked: member.blocked },
    bot: {
      id: core.bot.id,
      username: core.bot.username,
      name: profileText(core, 'name', language),
      description: profileText(core, 'description', language),
    },
    messages: record.messages,
    keyboard: isPrivate ? (currentKeyboard(record.messages) ?? null) : null,
    commands: isPrivate ? commandsFor(core, member.user.id, language) : [],
    menu_button: record.menuButton ?? core.profile.menuButton ?? null,
  };
}
