import { isInside } from './access.check.js';
import type { EmulatorCore } from './emulator.core.js';
import type { ChatMember, InviteLink, User } from './telegram.types.js';
import { type ChatRecord, toWire } from './world.store.js';

export interface MembershipChange {
  next: ChatMember;
  /** Who did it. */
  by: User;
  link?: InviteLink;
  viaJoinRequest?: boolean;
}

/** What a participant is now: bans and restrictions end by the clock. */
export function participantOf(core: EmulatorCore, record: ChatRecord, user: User): ChatMember {
  const participant = record.participants[user.id] ?? { user, status: 'left' };
  const isOver =
    participant.until_date !== undefined && participant.until_date > 0 && participant.until_date <= core.seconds();
  if (!isOver) {
    return participant;
  }
  return { user, status: participant.status === 'restricted' && participant.is_member === true ? 'member' : 'left' };
}

/** Changes what somebody is in a group, with the service message and the chat_member (for the bot: my_chat_member) update. */
export function changeMembership(core: EmulatorCore, record: ChatRecord, change: MembershipChange): void {
  const { next, by } = change;
  const previous = participantOf(core, record, next.user);
  record.participants[next.user.id] = next;
  const isBot = next.user.id === core.bot.id;
  if (isBot || core.isBotAdmin(record)) {
    core.report(isBot ? 'my_chat_member' : 'chat_member', memberUpdate(core, record, previous, change), record.chat.id);
  }
  const joined = !isInside(previous) && isInside(next);
  const left = isInside(previous) && !isInside(next);
  if (joined || left) {
    const service = joined ? { new_chat_members: [next.user] } : { left_chat_member: next.user };
    const message = core.world.append(record, { from: by, ...service });
    if (isInside(core.botIn(record))) {
      core.report('message', toWire(message), record.chat.id);
    }
  }
  core.world.changed(record.chat.id);
}

function memberUpdate(core: EmulatorCore, record: ChatRecord, previous: ChatMember, change: MembershipChange): object {
  return {
    chat: record.chat,
    from: change.by,
    date: core.seconds(),
    old_chat_member: previous,
    new_chat_member: change.next,
    ...(change.link === undefined ? {} : { invite_link: change.link }),
    ...(change.viaJoinRequest === true ? { via_join_request: true } : {}),
  };
}
