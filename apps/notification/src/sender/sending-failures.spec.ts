import { describe, expect, it } from 'vitest';
import { classifyMailFailure } from './mail-error.rules.js';
import { refusalKeyOf } from './refusal-text.rules.js';
import { classifyTelegramFailure } from './telegram-error.rules.js';
import { burstOf, chatIntervalMs, overallPauseMs } from './telegram-pace.rules.js';
import { momentText, presentableName } from './wording.rules.js';

const now = new Date('2026-03-01T12:00:00.000Z');
const answer = (code: number, description: string, retryAfterSeconds?: number) =>
  classifyTelegramFailure({ kind: 'answer', code, description, ...(retryAfterSeconds && { retryAfterSeconds }) }, now);

describe('classifyTelegramFailure', () => {
  it('waits as long as a 429 says, and a little when it does not say', () => {
    expect(answer(429, 'Too Many Requests: retry after 12966', 12_966)).toMatchObject({
      kind: 'deferred',
      until: new Date(now.getTime() + 12_966_000),
    });
    expect(answer(429, 'Too Many Requests')).toMatchObject({
      kind: 'deferred',
      until: new Date(now.getTime() + 5_000),
    });
  });

  it.each([
    [403, 'Forbidden: bot was blocked by the user'],
    [403, 'Forbidden: user is deactivated'],
    [403, "Forbidden: bot can't initiate conversation with a user"],
    [403, 'Forbidden: bot was kicked from the supergroup chat'],
    [400, 'Bad Request: chat not found'],
    [400, 'Bad Request: PEER_ID_INVALID'],
  ])('%i %s: the member cannot be reached', (code, description) => {
    expect(answer(code, description)).toMatchObject({ kind: 'refused', unreachable: true });
  });

  it('goes on at once where a group is now', () => {
    const moved = {
      kind: 'answer',
      code: 400,
      description: 'Bad Request: group chat was upgraded',
      movedTo: '-100',
    } as const;
    expect(classifyTelegramFailure(moved, now)).toMatchObject({ kind: 'deferred', until: now });
  });

  it('blames a text that Telegram cannot read on the text, not on the member', () => {
    expect(answer(400, "Bad Request: can't parse entities")).toEqual({
      kind: 'refused',
      reason: "telegram 400: Bad Request: can't parse entities",
    });
  });

  it('tries again after errors of the server and silence, and waits for a right token', () => {
    expect(answer(502, 'Bad Gateway').kind).toBe('failed');
    expect(classifyTelegramFailure({ kind: 'silence', reason: 'ECONNRESET' }, now).kind).toBe('failed');
    expect(answer(401, 'Unauthorized').kind).toBe('deferred');
    expect(answer(404, 'Not Found').kind).toBe('deferred');
  });
});

describe('classifyMailFailure', () => {
  const classify = (responseCode?: number, code?: string) =>
    classifyMailFailure({ responseCode, code, message: 'said so' }, now);

  it('tries again after 4xx and network trouble', () => {
    expect(classify(451).kind).toBe('failed');
    expect(classify(undefined, 'ECONNECTION')).toEqual({ kind: 'failed', reason: 'smtp ECONNECTION' });
    expect(classify(421, 'EPROTOCOL').kind).toBe('failed');
  });

  it('gives up after 5xx and a mail that cannot be written', () => {
    expect(classify(550, 'EENVELOPE')).toEqual({ kind: 'refused', reason: 'smtp 550: said so' });
    expect(classify(undefined, 'EENVELOPE').kind).toBe('refused');
    expect(classify(undefined, 'EMESSAGE').kind).toBe('refused');
  });

  it('loses no mail because of a refused login', () => {
    expect(classify(535, 'EAUTH').kind).toBe('deferred');
  });
});

describe('the pace', () => {
  it('never exceeds 30 in a second at 25 per second', () => {
    expect(burstOf(25) + 25).toBeLessThanOrEqual(30);
    expect(burstOf(1)).toBe(1);
  });

  it('is slower in groups', () => {
    expect([chatIntervalMs('42'), chatIntervalMs('-100123')]).toEqual([1_000, 4_000]);
  });

  it('keeps the silence of one chat to that chat, and of several to all', () => {
    const first = { chatId: '1', at: 1_000, retryAfterMs: 3_600_000 };
    expect(overallPauseMs(first, [])).toBe(1_000);
    expect(overallPauseMs({ ...first, at: 2_000 }, [first])).toBe(1_000);
    expect(overallPauseMs({ ...first, chatId: '2', at: 2_000 }, [first])).toBe(3_600_000);
    expect(overallPauseMs({ ...first, chatId: '2', at: 60_000 }, [first])).toBe(1_000);
  });
});

describe('wording', () => {
  it('shows names on one line, without direction tricks, cut between characters', () => {
    expect(presentableName(' A\nki\u202e\u2028 ')).toBe('A ki');
    const cut = [...presentableName('🎭'.repeat(100))];
    expect(cut).toHaveLength(64);
    expect(cut.at(-1)).toBe('…');
  });

  it('writes a moment in the community’s time zone', () => {
    expect(momentText(now, 'ru', 'Asia/Shanghai')).toMatch(/^1 марта 2026.*20:00 \(GMT\+8\)$/);
    expect(momentText(now, 'en', 'Asia/Shanghai')).toMatch(/^1 March 2026.*20:00 \(GMT\+8\)$/);
    expect(momentText(now, 'zh', 'Asia/Shanghai')).toBe('2026年3月1日 20:00 (GMT+8)');
  });

  it('has a sentence for every reason', () => {
    expect(refusalKeyOf('wrong_code')).toBe('notifications.email_refused.wrong_code');
    expect(refusalKeyOf('address_blocked')).toBe('notifications.email_refused.address_blocked');
    expect(refusalKeyOf('replaced')).toBe('notifications.email_refused.replaced');
    expect(refusalKeyOf('toString')).toBe('notifications.email_refused.unexplained');
  });
});
