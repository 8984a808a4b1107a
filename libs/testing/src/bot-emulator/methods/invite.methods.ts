import { randomBytes } from 'node:crypto';
import { chatOf, isInside, requireRight } from '../access.check.js';
import { badRequest } from '../api.failure.js';
import type { EmulatorCore } from '../emulator.core.js';
import { bounds } from '../emulator.options.js';
import { changeMembership, participantOf } from '../membership.change.js';
import type { MethodInput } from '../method.input.js';
import type { InviteLink, User } from '../telegram.types.js';
import type { ChatRecord } from '../world.store.js';
import type { ApiMethod } from './api.method.js';

function createChatInviteLink(core: EmulatorCore, input: MethodInput): InviteLink {
  const record = chatOf(core, input);
  requireRight(core, record, 'can_invite_users', 'manage chat invite link');
  const name = input.text('name');
  const memberLimit = input.integer('member_limit');
  const expireDate = input.integer('expire_date');
  const needsRequest = input.boolean('creates_join_request');
  if (name !== undefined && [...name].length > 32) {
    throw badRequest('invite link name is too long');
  }
  if (memberLimit !== undefined && memberLimit !== 0 && (memberLimit < 1 || memberLimit > 99_999)) {
    throw badRequest('USAGE_LIMIT_INVALID');
  }
  if (needsRequest && memberLimit !== undefined && memberLimit > 0) {
    throw badRequest("member limit can't be specified for links requiring administrator approval");
  }
  if (expireDate !== undefined && expireDate !== 0 && expireDate <= core.seconds()) {
    throw badRequest('EXPIRE_DATE_INVALID');
  }
  const link: InviteLink = {
    invite_link: `https://t.me/+${randomBytes(12).toString('base64url')}`,
    creator: core.bot,
    creates_join_request: needsRequest,
    is_primary: false,
    is_revoked: false,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(memberLimit === undefined || memberLimit === 0 ? {} : { member_limit: memberLimit }),
    ...(expireDate === undefined || expireDate === 0 ? {} : { expire_date: expireDate }),
  };
  record.links.push(link);
  if (record.links.length > bounds.linksPerChat) {
    record.links.shift();
  }
  core.markChanged();
  return link;
}

function revokeChatInviteLink(core: EmulatorCore, input: MethodInput): InviteLink {
  const record = chatOf(core, input);
  requireRight(core, record, 'can_invite_users', 'manage chat invite link');
  const link = record.links.find((candidate) => candidate.invite_link === input.text('invite_link'));
  if (link === undefined) {
    throw badRequest('INVITE_HASH_EXPIRED');
  }
  link.is_revoked = true;
  core.markChanged();
  return link;
}

interface Applicant {
  record: ChatRecord;
  user: User;
  link?: InviteLink;
}

function takeRequest(core: EmulatorCore, input: MethodInput): Applicant {
  const record = chatOf(core, input);
  requireRight(core, record, 'can_invite_users', 'manage chat join requests');
  const member = core.world.member(input.requiredInteger('user_id', 'invalid user_id specified'));
  if (member === undefined) {
    throw badRequest('user not found');
  }
  if (isInside(participantOf(core, record, member.user))) {
    throw badRequest('USER_ALREADY_PARTICIPANT');
  }
  const request = record.joinRequests[member.user.id];
  if (request === undefined) {
    throw badRequest('HIDE_REQUESTER_MISSING');
  }
  delete record.joinRequests[member.user.id];
  core.world.changed(record.chat.id);
  const link = record.links.find((candidate) => candidate.invite_link === request.invite_link);
  return { record, user: member.user, ...(link === undefined ? {} : { link }) };
}

function approveChatJoinRequest(core: EmulatorCore, input: MethodInput): true {
  const { record, user, link } = takeRequest(core, input);
  const change = { next: { user, status: 'member' as const }, by: core.bot, viaJoinRequest: link === undefined };
  changeMembership(core, record, link === undefined ? change : { ...change, link });
  return true;
}

function declineChatJoinRequest(core: EmulatorCore, input: MethodInput): true {
  takeRequest(core, input);
  return true;
}

const topicColors = [7_322_096, 16_766_590, 13_338_331, 9_367_192, 16_749_490, 16_478_047];

/** Opens a topic of a forum; its id is the id of the message that says so. */
export function openTopic(core: EmulatorCore, record: ChatRecord, name: string, by: User): number {
  const icon = topicColors[record.topics.length % topicColors.length] ?? 0;
  const message = core.world.append(record, { from: by, forum_topic_created: { name, icon_color: icon } });
  message.message_thread_id = message.message_id;
  message.is_topic_message = true;
  record.topics.push({ message_thread_id: message.message_id, name });
  core.world.changed(record.chat.id);
  return message.message_id;
}

function createForumTopic(core: EmulatorCore, input: MethodInput): unknown {
  const record = chatOf(core, input);
  requireRight(core, record, 'can_manage_topics', 'create a topic');
  const name = input.text('name')?.trim() ?? '';
  if (record.chat.is_forum !== true) {
    throw badRequest('the chat is not a forum');
  }
  if (name === '' || [...name].length > 128) {
    throw badRequest('topic name must be 1-128 characters');
  }
  return { message_thread_id: openTopic(core, record, name, core.bot), name, icon_color: topicColors[0] };
}

export const inviteMethods: Record<string, ApiMethod> = {
  createChatInviteLink,
  revokeChatInviteLink,
  approveChatJoinRequest,
  declineChatJoinRequest,
  createForumTopic,
};
