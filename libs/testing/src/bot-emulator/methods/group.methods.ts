import { chatOf, isInside, requireInGroup, requireRight } from '../access.check.js';
import { badRequest } from '../api.failure.js';
import type { EmulatorCore } from '../emulator.core.js';
import { changeMembership, participantOf } from '../membership.change.js';
import type { MethodInput } from '../method.input.js';
import type { ChatMember, User } from '../telegram.types.js';
import type { ChatRecord } from '../world.store.js';
import type { ApiMethod } from './api.method.js';

const shortestBanSeconds = 30;
const longestBanSeconds = 366 * 86_400;

function userOf(core: EmulatorCore, input: MethodInput): User {
  const id = input.requiredInteger('user_id', 'invalid user_id specified');
  if (id === core.bot.id) {
    return core.bot;
  }
  const member = core.world.member(id);
  if (member === undefined) {
    throw badRequest('user not found');
  }
  return member.user;
}

/** Times that are too near or too far mean "for ever", as at Telegram. */
function untilDate(core: EmulatorCore, input: MethodInput): number {
  const until = input.integer('until_date') ?? 0;
  const seconds = until - core.seconds();
  return seconds < shortestBanSeconds || seconds > longestBanSeconds ? 0 : until;
}

function target(core: EmulatorCore, input: MethodInput): { record: ChatRecord; user: User; current: ChatMember } {
  const record = chatOf(core, input);
  requireRight(core, record, 'can_restrict_members', 'restrict/unrestrict chat member');
  const user = userOf(core, input);
  const current = participantOf(core, record, user);
  if (user.id === core.bot.id) {
    throw badRequest("can't restrict self");
  }
  if (current.status === 'creator') {
    throw badRequest("can't remove chat owner");
  }
  if (current.status === 'administrator') {
    throw badRequest('user is an administrator of the chat');
  }
  return { record, user, current };
}

function banChatMember(core: EmulatorCore, input: MethodInput): true {
  const { record, user } = target(core, input);
  const next: ChatMember = { user, status: 'kicked', until_date: untilDate(core, input) };
  changeMembership(core, record, { next, by: core.bot });
  return true;
}

/** Without `only_if_banned` this also removes somebody who is in the group, who can come back at once. */
function unbanChatMember(core: EmulatorCore, input: MethodInput): true {
  const { record, user, current } = target(core, input);
  if (current.status === 'kicked' || (isInside(current) && !input.boolean('only_if_banned'))) {
    changeMembership(core, record, { next: { user, status: 'left' }, by: core.bot });
  }
  return true;
}

function restrictChatMember(core: EmulatorCore, input: MethodInput): true {
  const permissions = input.record('permissions');
  if (permissions === undefined) {
    throw badRequest("can't parse chat permissions");
  }
  const { record, user, current } = target(core, input);
  if (record.chat.type !== 'supergroup') {
    throw badRequest('method is available only for supergroups');
  }
  const mayAll = permissions['can_send_messages'] === true && !Object.values(permissions).includes(false);
  const restricted: ChatMember = {
    ...permissions,
    user,
    status: 'restricted',
    is_member: isInside(current),
    until_date: untilDate(core, input),
  };
  const lifted: ChatMember = { user, status: isInside(current) ? 'member' : 'left' };
  changeMembership(core, record, { next: mayAll ? lifted : restricted, by: core.bot });
  return true;
}

function insiders(core: EmulatorCore, record: ChatRecord): ChatMember[] {
  if (record.chat.type === 'private') {
    throw badRequest('there are no administrators in the private chat');
  }
  requireInGroup(core, record);
  return Object.values(record.participants)
    .map(({ user }) => participantOf(core, record, user))
    .filter(isInside);
}

function getChat(core: EmulatorCore, input: MethodInput): unknown {
  const record = chatOf(core, input);
  if (record.chat.type !== 'private') {
    requireInGroup(core, record);
  }
  return { ...record.chat, accent_color_id: 0, max_reaction_count: 11 };
}

function getChatMember(core: EmulatorCore, input: MethodInput): ChatMember {
  const record = chatOf(core, input);
  if (record.chat.type === 'private') {
    return { user: userOf(core, input), status: 'member' };
  }
  requireInGroup(core, record);
  return participantOf(core, record, userOf(core, input));
}

function leaveChat(core: EmulatorCore, input: MethodInput): true {
  const record = chatOf(core, input);
  if (record.chat.type === 'private') {
    throw badRequest("chat member status can't be changed in private chats");
  }
  requireInGroup(core, record);
  changeMembership(core, record, { next: { user: core.bot, status: 'left' }, by: core.bot });
  return true;
}

function getChatMemberCount(core: EmulatorCore, input: MethodInput): number {
  const record = chatOf(core, input);
  return record.chat.type === 'private' ? 2 : insiders(core, record).length;
}

export const groupMethods: Record<string, ApiMethod> = {
  getChat,
  getChatMember,
  getChatMemberCount,
  // Names from before 2021, which Telegram still takes and some client libraries still use.
  getChatMembersCount: getChatMemberCount,
  kickChatMember: banChatMember,
  getChatAdministrators: (core, input) =>
    insiders(core, chatOf(core, input)).filter(
      ({ status, user }) =>
        status === 'creator' || (status === 'administrator' && (!user.is_bot || user.id === core.bot.id)),
    ),
  banChatMember,
  unbanChatMember,
  restrictChatMember,
  leaveChat,
};
