import { badRequest, forbidden, tooManyRequests, upgraded } from './api.failure.js';
import type { EmulatorCore } from './emulator.core.js';
import type { MethodInput } from './method.input.js';
import type { ChatMember } from './telegram.types.js';
import type { ChatRecord } from './world.store.js';

/** The chat a call is about; 400 when it is not given, not known, or has become a supergroup. */
export function chatOf(core: EmulatorCore, input: MethodInput): ChatRecord {
  const id = input.text('chat_id')?.trim();
  if (id === undefined || id === '') {
    throw badRequest('chat_id is empty');
  }
  const record = core.world.requireChat(/^-?\d{1,16}$/.test(id) ? Number(id) : id);
  if (record.upgradedTo !== undefined) {
    throw upgraded(record.upgradedTo);
  }
  return record;
}

/** Throws 403 in Telegram's words when the bot may not write into the chat. */
export function requireWritable(core: EmulatorCore, record: ChatRecord): void {
  if (record.chat.type !== 'private') {
    requireInGroup(core, record);
    return;
  }
  const member = core.world.requireMember(record.chat.id);
  if (member.deactivated) {
    throw forbidden('user is deactivated');
  }
  if (member.blocked) {
    throw forbidden('bot was blocked by the user');
  }
  if (!member.started && member.writableUntil < core.now()) {
    throw forbidden("bot can't initiate conversation with a user");
  }
}

export function requireInGroup(core: EmulatorCore, record: ChatRecord): void {
  const status = core.botIn(record)?.status ?? 'left';
  if (status === 'kicked') {
    throw forbidden(`bot was kicked from the ${record.chat.type} chat`);
  }
  if (status === 'left') {
    throw forbidden(`bot is not a member of the ${record.chat.type} chat`);
  }
}

/** Throws unless the bot is an administrator of the group with this right. */
export function requireRight(core: EmulatorCore, record: ChatRecord, right: string, purpose: string): void {
  if (record.chat.type === 'private') {
    throw badRequest('method is available only for groups and channels');
  }
  requireInGroup(core, record);
  const bot = core.botIn(record);
  if (bot?.status !== 'administrator' || bot[right] === false) {
    throw badRequest(`not enough rights to ${purpose}`);
  }
}

/** Counts one message against the limits; 429 with `retry_after` when they are exceeded and enforced. */
export function charge(core: EmulatorCore, method: string, record: ChatRecord): void {
  const waitSeconds = core.limiter.charge(method, record.chat.id, record.chat.type !== 'private');
  if (waitSeconds > 0) {
    throw tooManyRequests(waitSeconds);
  }
}

/** In the chat: everybody but those who left, were removed, or are restricted outside of it. */
export function isInside(participant: ChatMember | undefined): boolean {
  const status = participant?.status ?? 'left';
  return status === 'restricted' ? participant?.is_member === true : status !== 'left' && status !== 'kicked';
}
