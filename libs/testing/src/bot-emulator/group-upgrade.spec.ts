import type { Telegram } from 'telegraf';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BotEmulator } from './bot.emulator.js';
import { startEmulator, telegrafFor } from './bot.fixture.js';
import type { EmulatedGroup } from './group.driver.js';
import type { EmulatedMember } from './member.driver.js';
import type { Update } from './telegram.types.js';

let emulator: BotEmulator;
let telegram: Telegram;
let group: EmulatedGroup;
let mila: EmulatedMember;

beforeEach(async () => {
  emulator = await startEmulator();
  telegram = telegrafFor(emulator).telegram;
  group = emulator.group({ title: 'Club', type: 'group' });
  mila = emulator.member({ first_name: 'Mila' });
  await telegram.callApi('getUpdates', { allowed_updates: ['message', 'chat_member', 'chat_join_request'] } as never);
});
afterEach(() => emulator.stop());

async function updates(): Promise<Update[]> {
  return (await telegram.callApi('getUpdates', {} as never)) as unknown as Update[];
}

it('a group becomes a supergroup: both chats are told, calls with the former id name the new one', async () => {
  await mila.join(group);
  const supergroup = await group.upgrade(mila);
  const messages = (await updates()).map(({ message }) => message as Record<string, unknown>).filter(Boolean);
  expect(messages.slice(-2)).toMatchObject([
    { chat: { id: group.id, type: 'group' }, migrate_to_chat_id: supergroup.id },
    { chat: { id: supergroup.id, type: 'supergroup' }, migrate_from_chat_id: group.id },
  ]);
  await expect(telegram.sendMessage(group.id, 'hello')).rejects.toMatchObject({
    response: { error_code: 400, parameters: { migrate_to_chat_id: supergroup.id } },
  });
  await telegram.sendMessage(supergroup.id, 'hello');
  expect(supergroup.statusOf(mila)).toBe('member');
  await expect(group.upgrade(mila)).rejects.toThrow('only once');
});

it('shows restricted people in and out, anonymous admins as the group, and requests without a link', async () => {
  const oleg = emulator.member({ first_name: 'Oleg' });
  await mila.join(group);
  await group.sendAnonymously('I am nobody');
  group.restrict(mila, true, oleg);
  group.restrict(mila, false, oleg);
  await oleg.askToJoin(group);
  const all = await updates();
  expect(all.find(({ message }) => (message as { text?: string })?.text === 'I am nobody')?.message).toMatchObject({
    from: { id: 1_087_968_824, is_bot: true },
    sender_chat: { id: group.id },
  });
  const changes = all.filter(({ chat_member }) => chat_member).map(({ chat_member }) => chat_member);
  expect(changes.slice(-2)).toMatchObject([
    { new_chat_member: { status: 'restricted', is_member: true } },
    { old_chat_member: { is_member: true }, new_chat_member: { status: 'restricted', is_member: false } },
  ]);
  expect(all.at(-1)?.['chat_join_request']).toMatchObject({ from: { id: oleg.id }, user_chat_id: oleg.id });
});
