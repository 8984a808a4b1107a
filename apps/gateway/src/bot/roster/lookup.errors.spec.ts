import { TelegramError } from 'telegraf';
import { describe, expect, it } from 'vitest';
import { lookupFailure } from './lookup.errors.js';

const failed = (error_code: number, description: string, parameters = {}): unknown =>
  lookupFailure(new TelegramError({ error_code, description, parameters }));

describe('why a question about a member has no answer', () => {
  it.each([
    'Bad Request: user not found',
    'Bad Request: member not found',
    'Bad Request: PARTICIPANT_ID_INVALID',
    'Bad Request: invalid user_id specified',
  ])('U-12: %s: nobody Telegram knows', (description) => {
    expect(failed(400, description)).toEqual({ kind: 'not_known' });
  });

  it.each(['Bad Request: CHAT_ADMIN_REQUIRED', 'Bad Request: member list is inaccessible'])(
    'U-12: %s: no answer, and nothing about the person',
    (description) => {
      expect(failed(400, description)).toEqual({ kind: 'refused' });
    },
  );

  it('U-12: a group that is gone says nothing about its members', () => {
    expect(failed(403, 'Forbidden: bot was kicked from the supergroup chat')).toEqual({ kind: 'gone' });
    expect(failed(403, 'Forbidden: bot is not a member of the supergroup chat')).toEqual({ kind: 'gone' });
    expect(failed(400, 'Bad Request: chat not found')).toEqual({ kind: 'gone' });
    const moved = failed(400, 'Bad Request: group chat was upgraded', { migrate_to_chat_id: -1_005 });
    expect(moved).toEqual({ kind: 'moved', chatId: -1_005 });
  });

  it('U-12: waits when told so, and takes everything else for a failure that passes', () => {
    expect(failed(429, 'Too Many Requests', { retry_after: 17 })).toEqual({ kind: 'rest', milliseconds: 17_000 });
    expect(failed(502, 'Bad Gateway')).toMatchObject({ kind: 'failed' });
    expect(failed(401, 'Unauthorized')).toMatchObject({ kind: 'failed' });
    expect(lookupFailure(new Error('no route'))).toMatchObject({ kind: 'failed' });
  });
});
