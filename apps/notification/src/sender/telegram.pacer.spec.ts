import { expect, it } from 'vitest';
import { eventually } from '#testing';
import { freshEncryptionKeys } from '#testing/encryption.keys';
import { readNotificationSettings } from '../notification.env.js';
import { TelegramPacer } from './telegram.pacer.js';

const startedAt = Date.UTC(2026, 2, 1);

/** A pacer whose clock stands still until it is moved. */
function stoppedPacer() {
  let time = startedAt;
  const pacer = new TelegramPacer(
    { now: () => new Date(time) },
    readNotificationSettings({ ...freshEncryptionKeys(), TELEGRAM_MESSAGES_PER_SECOND: '10' }),
  );
  const went: string[] = [];
  const ask = (chatId: string, lane = 2): void => {
    void pacer.turn(chatId, lane, 5_000).then((turn) => {
      went.push(turn.go ? `${chatId} goes` : `${chatId} in ${turn.until - startedAt}`);
      if (turn.go) pacer.answered(chatId);
    });
  };
  return { pacer, went, ask, pass: (milliseconds: number) => void (time += milliseconds) };
}

it('lets the urgent lane go first', async () => {
  const { went, ask, pass } = stoppedPacer();
  ask('1');
  ask('2', 2);
  ask('3', 1);
  ask('4', 0);
  await eventually(() => expect(went).toEqual(['1 goes']));
  for (const next of ['4 goes', '3 goes', '2 goes']) {
    pass(100);
    await eventually(() => expect(went.at(-1)).toBe(next));
  }
});

it('sends a chat’s further messages away, one second after the other', async () => {
  const { went, ask, pacer } = stoppedPacer();
  for (let count = 0; count < 4; count += 1) ask('1');
  await eventually(() => expect(went).toEqual(['1 goes', '1 in 2000', '1 in 3000']));
  pacer.dismiss();
  await eventually(() => expect(went.at(-1)).toBe('1 in 0'));
});

it('is silent for a chat as long as Telegram asked, and for all only when several chats were refused', async () => {
  const { pacer, went, ask, pass } = stoppedPacer();
  pacer.penalise('1', 60_000);
  expect(pacer.closedUntil).toBe(startedAt + 1_000);
  pass(1_000);
  ask('1');
  ask('2');
  await eventually(() => expect(went).toEqual(['1 in 60000', '2 goes']));
  pacer.penalise('3', 60_000);
  expect(pacer.closedUntil).toBe(startedAt + 61_000);
  ask('4');
  await eventually(() => expect(went.at(-1)).toBe('4 in 61000'));
});

it('waits no longer than it would have when the clock is set back', async () => {
  const { pacer, went, ask, pass } = stoppedPacer();
  pass(3_600_000);
  ask('1');
  pacer.penalise('2', 60_000);
  await eventually(() => expect(went).toEqual(['1 goes']));
  pass(-3_600_000);
  ask('2');
  await eventually(() => expect(went.at(-1)).toBe('2 in 60000'));
  pass(1_000);
  ask('1');
  await eventually(() => expect(went.at(-1)).toBe('1 goes'));
});
