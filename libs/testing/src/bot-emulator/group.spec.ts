import type { Telegram } from 'telegraf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BotEmulator } from './bot.emulator.js';
import { startEmulator, telegrafFor } from './bot.fixture.js';
import type { EmulatedGroup } from './group.driver.js';
import type { EmulatedMember } from './member.driver.js';
import type { Update } from './telegram.types.js';

let emulator: BotEmulator;
let telegram: Telegram;
let group: EmulatedGroup;
let mila: EmulatedMember;
let now = Date.now();

const wanted = ['message', 'chat_member', 'my_chat_member', 'chat_join_request'];

beforeEach(async () => {
  now = Date.now();
  emulator = await startEmulator({ clock: () => now });
  telegram = telegrafFor(emulator).telegram;
  group = emulator.group({ title: 'Members', forum: true });
  mila = emulator.member({ first_name: 'Mila' });
  await newUpdates();
});
afterEach(() => emulator.stop());

/** Reads and confirms what happened since the last look. */
async function newUpdates(): Promise<Update[]> {
  const updates = (await telegram.callApi('getUpdates', { allowed_updates: wanted } as never)) as unknown as Update[];
  const last = updates.at(-1)?.update_id;
  if (last !== undefined) {
    await telegram.callApi('getUpdates', { offset: last + 1 } as never);
  }
  return updates;
}

describe('groups', () => {
  it('hide from the bot who comes and goes unheard, until it asks', async () => {
    const statusOf = async (): Promise<string> =>
      (await telegram.callApi('getChatMember', { chat_id: group.id, user_id: mila.id })).status;
    expect(await statusOf()).toBe('left');
    group.setStatusUnheard(mila, 'member');
    expect(await newUpdates()).toEqual([]);
    expect(await statusOf()).toBe('member');
    group.setStatusUnheard(mila, 'left');
    expect([await newUpdates(), await statusOf()]).toEqual([[], 'left']);
    await expect(telegram.callApi('getChatMember', { chat_id: group.id, user_id: 404 })).rejects.toThrow(
      'user not found',
    );
  });

  it('have topics', async () => {
    const topic = group.topic('Sign-ups');
    await telegram.sendMessage(group.id, 'new member', { message_thread_id: topic });
    expect(group.messages(topic).at(-1)?.text).toBe('new member');
    await expect(telegram.sendMessage(group.id, 'x', { message_thread_id: 999 })).rejects.toThrow(
      'message thread not found',
    );
    await mila.join(group);
    await mila.sendIn(group, 'hi', { message_thread_id: topic });
    expect((await newUpdates()).at(-1)).toMatchObject({
      message: { text: 'hi', message_thread_id: topic, is_topic_message: true },
    });
  });

  it('report joins, bans and returns', async () => {
    await mila.join(group);
    await telegram.banChatMember(group.id, mila.id);
    expect(await telegram.getChatMember(group.id, mila.id)).toMatchObject({ status: 'kicked' });
    await expect(mila.join(group)).rejects.toThrow('banned');
    await telegram.unbanChatMember(group.id, mila.id, { only_if_banned: true });
    await mila.join(group);
    const steps = (await newUpdates()).flatMap((update) =>
      update['chat_member'] === undefined ? [] : [update['chat_member']],
    );
    expect(steps).toMatchObject([
      { old_chat_member: { status: 'left' }, new_chat_member: { status: 'member' }, from: { id: mila.id } },
      { new_chat_member: { status: 'kicked' }, from: { is_bot: true } },
      { new_chat_member: { status: 'left' } },
      { old_chat_member: { status: 'left' }, new_chat_member: { status: 'member' } },
    ]);
    expect(await telegram.getChatMembersCount(group.id)).toBe(2);
  });

  it('end a ban by the clock', async () => {
    await telegram.banChatMember(group.id, mila.id, Math.floor(now / 1_000) + 60);
    now += 61_000;
    expect(await mila.join(group)).toBe(true);
  });

  it('let in by request', async () => {
    const { invite_link: link } = await telegram.createChatInviteLink(group.id, {
      creates_join_request: true,
      name: 'gate',
    });
    expect(await mila.join(group, link)).toBe(false);
    const [request] = await newUpdates();
    expect(request).toMatchObject({ chat_join_request: { user_chat_id: mila.id, invite_link: { name: 'gate' } } });
    // The applicant can be written to for five minutes without having started the bot.
    await telegram.sendMessage(mila.id, 'welcome?');
    await telegram.approveChatJoinRequest(group.id, mila.id);
    expect(group.statusOf(mila)).toBe('member');
    await expect(telegram.approveChatJoinRequest(group.id, mila.id)).rejects.toThrow('USER_ALREADY_PARTICIPANT');
    now += 301_000;
    await expect(telegram.sendMessage(mila.id, 'x')).rejects.toThrow("can't initiate conversation");
  });

  it('free a place of a limited link when somebody leaves, until the link is revoked', async () => {
    const wei = emulator.member({ first_name: 'Wei' });
    const { invite_link: link } = await telegram.createChatInviteLink(group.id, { member_limit: 1 });
    await mila.join(group, link);
    await expect(wei.join(group, link)).rejects.toThrow('used up');
    await mila.leave(group);
    expect(await wei.join(group, link)).toBe(true);
    await telegram.revokeChatInviteLink(group.id, link);
    await expect(mila.join(group, link)).rejects.toThrow('not valid');
    await expect(
      telegram.createChatInviteLink(group.id, { creates_join_request: true, member_limit: 1 }),
    ).rejects.toThrow("member limit can't be specified");
  });

  it('restrict members', async () => {
    await mila.join(group);
    await telegram.restrictChatMember(group.id, mila.id, { permissions: { can_send_messages: false } });
    expect(await telegram.getChatMember(group.id, mila.id)).toMatchObject({ status: 'restricted', is_member: true });
    await expect(mila.sendIn(group, 'x')).rejects.toThrow('may not write');
  });

  it('need the bot to be there, with the right', async () => {
    group.setBot('administrator', mila, { can_restrict_members: false });
    await expect(telegram.banChatMember(group.id, mila.id)).rejects.toThrow('not enough rights');
    group.setBot('kicked', mila);
    await expect(telegram.sendMessage(group.id, 'x')).rejects.toThrow(
      '403: Forbidden: bot was kicked from the supergroup chat',
    );
    expect((await newUpdates()).at(-1)).toMatchObject({ my_chat_member: { new_chat_member: { status: 'kicked' } } });
  });

  it('show a plain member bot only commands', async () => {
    const other = emulator.group({ title: 'Other', bot: 'member' });
    await mila.join(other);
    await newUpdates();
    await mila.sendIn(other, 'just talk');
    await mila.sendIn(other, '/points@coser_bot');
    expect(await newUpdates()).toMatchObject([{ message: { text: '/points@coser_bot' } }]);
  });
});
