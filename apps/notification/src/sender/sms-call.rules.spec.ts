import { describe, expect, it } from 'vitest';
import { classifySmsFailure, escapingOf, fillTemplate } from './sms-call.rules.js';

const now = new Date('2026-03-01T08:00:00.000Z');
const sms = { id: 'a1', to: '+8613800138000', text: 'say "483920" & go\n50%', code: '483920', writtenAt: now };
const failure = (status: number | null, retryAfterSeconds: number | null = null) =>
  classifySmsFailure({ status, retryAfterSeconds, message: 'refused' }, now);

describe('classifySmsFailure (N-09)', () => {
  it.each([[null], [408], [425], [500], [503]])('%s may work later', (status) => {
    expect(failure(status).kind).toBe('failed');
  });

  it.each([[400], [404], [422]])("%s is the message's end", (status) => {
    expect(failure(status).kind).toBe('refused');
  });

  it.each([
    [401, null, 300],
    [403, null, 300],
    [429, 7, 7],
    [429, null, 1],
    [429, 86_400, 300],
  ])('%s with Retry-After %s waits %s s and costs no attempt', (status, retryAfter, seconds) => {
    const outcome = failure(status, retryAfter);
    expect(outcome).toMatchObject({ kind: 'deferred', until: new Date(now.getTime() + seconds * 1_000) });
  });
});

describe('fillTemplate', () => {
  it('keeps a text inside its place, whatever it holds', () => {
    const json = fillTemplate(
      '{"to":"{{phone}}","text":"{{text}}"}',
      sms,
      escapingOf('application/json; charset=utf-8'),
    );
    expect(JSON.parse(json)).toEqual({ to: sms.to, text: sms.text });
    const form = fillTemplate('to={{phone}}&text={{text}}', sms, escapingOf('application/x-www-form-urlencoded'));
    expect(Object.fromEntries(new URLSearchParams(form))).toEqual({ to: sms.to, text: sms.text });
  });

  it('fills in the code and the id, and leaves other braces alone', () => {
    expect(fillTemplate('{{id}} {{code}} {{other}} {code}', sms, escapingOf(undefined))).toBe(
      'a1 483920 {{other}} {code}',
    );
  });

  it('does not fill in what came out of a value', () => {
    expect(fillTemplate('{{text}}', { ...sms, text: '{{code}}' }, 'plain')).toBe('{{code}}');
  });
});
