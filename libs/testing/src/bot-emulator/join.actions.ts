import { isInside } from './access.check.js';
import type { EmulatorCore } from './emulator.core.js';
import { changeMembership, participantOf } from './membership.change.js';
import type { InviteLink } from './telegram.types.js';
import type { ChatRecord, MemberRecord } from './world.store.js';

/** For this long the bot may write to somebody who asked to join, even if they never started it. */
const applicantWritableMs = 5 * 60_000;

/** Joins a group, openly or by an invite link; a link with approval only asks. Returns whether the member is in now. */
export function joinGroup(core: EmulatorCore, member: MemberRecord, record: ChatRecord, invite?: string): boolean {
  const current = participantOf(core, record, member.user);
  if (isInside(current)) {
    return true;
  }
  if (current.status === 'kicked') {
    throw new Error('the member is banned from this group');
  }
  const link = invite === undefined ? undefined : usableLink(core, record, invite);
  core.world.acted(member);
  if (link?.creates_join_request === true) {
    askToJoin(core, member, record, link);
    return false;
  }
  const next = { user: member.user, status: 'member' as const };
  changeMembership(core, record, link === undefined ? { next, by: member.user } : { next, by: member.user, link });
  if (link !== undefined) {
    record.joinedBy[member.user.id] = link.invite_link;
  }
  return true;
}

/** Asks to join; the bot, if it may invite, gets a chat_join_request. */
export function askToJoin(core: EmulatorCore, member: MemberRecord, record: ChatRecord, link?: InviteLink): void {
  const date = core.seconds();
  record.joinRequests[member.user.id] = { date, ...(link === undefined ? {} : { invite_link: link.invite_link }) };
  member.writableUntil = core.now() + applicantWritableMs;
  if (core.isBotAdmin(record)) {
    const request = { chat: record.chat, from: member.user, user_chat_id: member.user.id, date };
    core.report('chat_join_request', link === undefined ? request : { ...request, invite_link: link }, record.chat.id);
  }
  core.world.changed(record.chat.id);
}

export function leaveGroup(core: EmulatorCore, member: MemberRecord, record: ChatRecord): void {
  if (isInside(participantOf(core, record, member.user))) {
    core.world.acted(member);
    changeMembership(core, record, { next: { user: member.user, status: 'left' }, by: member.user });
  }
}

/** As at Telegram, a member limit counts who is in the group through the link now, so a place becomes free again. */
function usableLink(core: EmulatorCore, record: ChatRecord, invite: string): InviteLink {
  const link = record.links.find((candidate) => candidate.invite_link === invite);
  const isExpired = link?.expire_date !== undefined && link.expire_date <= core.seconds();
  if (link === undefined || link.is_revoked || isExpired) {
    throw new Error('the invite link is not valid (INVITE_HASH_EXPIRED)');
  }
  const insiders = Object.entries(record.joinedBy).filter(
    ([id, used]) => used === invite && isInside(record.participants[id]),
  );
  if (link.member_limit !== undefined && insiders.length >= link.member_limit) {
    throw new Error('the invite link is used up (USERS_TOO_MUCH)');
  }
  return link;
}
