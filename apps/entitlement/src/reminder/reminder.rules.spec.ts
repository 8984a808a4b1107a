import { expect, it } from 'vitest';
import { reminderWindows } from './reminder.rules.js';

it('U-06: every end within three days, or of the last thirty, is in exactly one window', () => {
  const now = new Date('2026-03-10T00:00:00Z');
  const windows = reminderWindows(now);
  for (let hours = -30 * 24 + 1; hours <= 72; hours += 1) {
    const end = now.getTime() + hours * 3_600_000;
    const kinds = windows
      .filter(({ after, until }) => end > after.getTime() && end <= until.getTime())
      .map(({ kind }) => kind);
    expect(kinds).toEqual([hours <= 0 ? 'expired' : hours <= 24 ? 'one_day' : 'three_days']);
  }
});
