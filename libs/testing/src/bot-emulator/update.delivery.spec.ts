import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Telegram } from 'telegraf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../eventually.js';
import type { BotEmulator } from './bot.emulator.js';
import { startEmulator, telegrafFor } from './bot.fixture.js';
import type { Update } from './telegram.types.js';

async function poll(telegram: Telegram, parameters: object = {}): Promise<Update[]> {
  return (await telegram.callApi('getUpdates', parameters as never)) as unknown as Update[];
}

describe('getUpdates', () => {
  let emulator: BotEmulator;
  let telegram: Telegram;

  beforeEach(async () => {
    emulator = await startEmulator();
    telegram = telegrafFor(emulator).telegram;
  });
  afterEach(() => emulator.stop());

  it('repeats updates until an offset confirms them, ids counting up', async () => {
    const mila = emulator.member({ first_name: 'Mila' });
    await mila.send('one');
    await mila.send('two');
    const first = await poll(telegram);
    expect(await poll(telegram)).toEqual(first);
    const [one, two] = first.map(({ update_id: id }) => id);
    expect(two).toBe((one ?? 0) + 1);
    expect(await poll(telegram, { offset: two })).toMatchObject([{ message: { text: 'two' } }]);
    expect(await poll(telegram, { offset: (two ?? 0) + 1 })).toEqual([]);
  });

  it('keeps only the newest with a negative offset', async () => {
    const mila = emulator.member({ first_name: 'Mila' });
    for (const text of ['1', '2', '3']) {
      await mila.send(text);
    }
    expect(await poll(telegram, { offset: -1 })).toMatchObject([{ message: { text: '3' } }]);
    expect(await poll(telegram)).toHaveLength(1);
  });

  it('waits for the next update', async () => {
    const waiting = poll(telegram, { timeout: 30 });
    await emulator.member({ first_name: 'Mila' }).send('now');
    expect(await waiting).toMatchObject([{ message: { text: 'now' } }]);
  });

  it('ends the first of two callers, and all while a webhook is set', async () => {
    const first = poll(telegram, { timeout: 30 }).catch((error: Error) => error.message);
    // The second call may overtake the first on the wire: then it is the one that ends.
    const second = poll(telegram, { timeout: 30 }).catch((error: Error) => error.message);
    expect(await Promise.race([first, second])).toContain('409: Conflict: terminated by other getUpdates request');
    await telegram.setWebhook('http://127.0.0.1:9/hook');
    const ends = await Promise.all([first, second]);
    expect(ends.toSorted()[1]).toContain('terminated by setWebhook request');
    await expect(poll(telegram)).rejects.toThrow("can't use getUpdates method while webhook is active");
    await telegram.deleteWebhook();
    expect(await poll(telegram)).toEqual([]);
  });

  it('brings only the wanted types; chat_member must be asked for', async () => {
    const group = emulator.group({ title: 'Group' });
    const mila = emulator.member({ first_name: 'Mila' });
    await mila.join(group);
    expect((await poll(telegram)).map((update) => Object.keys(update)[1])).toEqual(['message']);
    await poll(telegram, { offset: -1, allowed_updates: ['chat_member', 'my_chat_member'] });
    await mila.leave(group);
    mila.block();
    await mila.join(group);
    const types = (await poll(telegram)).map((update) => Object.keys(update)[1]);
    expect(types).toEqual(['message', 'chat_member', 'my_chat_member', 'chat_member']);
  });
});

describe('setWebhook', () => {
  it('reports its settings, keeps allowed_updates when they are left out, and drops what waits when asked', async () => {
    const emulator = await startEmulator({ webhookRetry: { initialMs: 5, maximumMs: 10 } });
    const { telegram } = telegrafFor(emulator);
    await emulator.member({ first_name: 'Mila' }).send('waits');
    await telegram.setWebhook('http://127.0.0.1:9/hook', { allowed_updates: ['message'], max_connections: 7 });
    await telegram.setWebhook('http://127.0.0.1:9/other');
    expect(await telegram.getWebhookInfo()).toMatchObject({
      url: 'http://127.0.0.1:9/other',
      pending_update_count: 1,
      max_connections: 40,
      allowed_updates: ['message'],
    });
    await eventually(() => expect(emulator.webhookInfo().last_error_message).toContain('Connection failed'));
    await telegram.setWebhook('http://127.0.0.1:9/other', { drop_pending_updates: true });
    expect((await telegram.getWebhookInfo()).pending_update_count).toBe(0);
    await expect(telegram.setWebhook('http://127.0.0.1:9/', { secret_token: 'no spaces' })).rejects.toThrow(
      'unallowed characters',
    );
    await emulator.stop();
  });
});

describe('the state file', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emulator-state-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('brings everything back without a clean stop', async () => {
    const stateFile = join(folder, 'state', 'telegram.json');
    const before = await startEmulator({ stateFile });
    const mila = before.member({ first_name: 'Mila', language_code: 'ru' });
    const group = before.group({ title: 'Log', forum: true });
    const topic = group.topic('Sign-ups');
    await mila.start('COSPLAY7');
    const { telegram } = telegrafFor(before);
    await telegram.setMyName('Community');
    await telegram.sendMessage(mila.id, 'hello', { reply_markup: { keyboard: [[{ text: 'Menu' }]] } });
    // A second emulator on the same file, as after kill -9: the first has not been stopped.
    const after = await startEmulator({ stateFile });
    const again = after.member({ id: mila.id, first_name: 'Mila' });
    expect(again.chat()).toEqual(mila.chat());
    expect(again.user.language_code).toBe('ru');
    expect(after.group({ id: group.id, title: 'Log', forum: true }).topic('Sign-ups')).toBe(topic);
    const revived = telegrafFor(after).telegram;
    expect(await poll(revived)).toMatchObject([{ message: { text: '/start COSPLAY7' } }]);
    expect(await revived.getMe()).toMatchObject({ first_name: 'Community' });
    await before.stop();
    await after.stop();
    expect(await readdir(join(folder, 'state'))).toEqual(['telegram.json']);
  });

  it('forgets a confirmed update at once, not when the long poll that confirmed it ends', async () => {
    const stateFile = join(folder, 'telegram.json');
    const emulator = await startEmulator({ stateFile });
    const waiting = async (): Promise<Update[]> => {
      const { updates } = JSON.parse(await readFile(stateFile, 'utf8')) as { updates: { pending: Update[] } };
      return updates.pending;
    };
    await emulator.member({ first_name: 'Mila' }).send('one');
    const { telegram } = telegrafFor(emulator);
    const [update] = await poll(telegram);
    expect(await waiting()).toHaveLength(1);
    const longPoll = poll(telegram, { offset: (update?.update_id ?? 0) + 1, timeout: 50 }).catch(() => undefined);
    await eventually(async () => expect(await waiting()).toEqual([]));
    await emulator.stop();
    await longPoll;
  });

  it('keeps the webhook and is not silently replaced when damaged', async () => {
    const stateFile = join(folder, 'telegram.json');
    const before = await startEmulator({ stateFile });
    await telegrafFor(before).telegram.setWebhook('http://127.0.0.1:9/hook', { secret_token: 's' });
    await before.stop();
    const after = await startEmulator({ stateFile });
    expect(after.webhookInfo().url).toBe('http://127.0.0.1:9/hook');
    await after.stop();
    await writeFile(stateFile, '{');
    await expect(startEmulator({ stateFile })).rejects.toThrow('is damaged');
  });
});
