import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ruleEventTypes } from './rule-event.data.js';

const { events } = JSON.parse(readFileSync('locales/en/bot_rules.json', 'utf8')) as { events: Record<string, string> };

describe('events that rules may name (P-06)', () => {
  it.each(ruleEventTypes.map(({ contract }) => contract.name as string))('%s has words for the chat', (name) => {
    expect(Object.keys(events)).toContain(name.replaceAll('.', '_'));
  });
});
