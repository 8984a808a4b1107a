import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatMemberStatuses, sightingSources, standings, type Sighting } from '#contracts';
import { missingRights } from './bot-rights.rules.js';
import { judgeRows } from './import-row.rules.js';
import { factsOf, isPersonId, mergeFacts } from './sighting.rules.js';

const sighting = (change: Partial<Sighting>): Sighting => ({
  telegram_id: '10001',
  first_name: 'Anna',
  username: null,
  standing: 'in',
  telegram_status: null,
  source: 'chat_member',
  at: '2026-03-01T10:00:00.000Z',
  order: 0,
  ...change,
});

const anySighting = fc.record({
  telegram_id: fc.constant('10001'),
  first_name: fc.constantFrom('', 'Anna', 'Boris'),
  username: fc.constantFrom(null, 'anna'),
  standing: fc.constantFrom(...standings),
  telegram_status: fc.constantFrom(null, ...chatMemberStatuses),
  source: fc.constantFrom(...sightingSources),
  at: fc.integer({ min: 0, max: 4 }).map((seconds) => new Date(Date.UTC(2026, 2, 1) + seconds * 1_000).toISOString()),
  order: fc.integer({ min: 0, max: 2 }),
});

describe('U-12: what is known of somebody in a group', () => {
  it('is the same in whatever order the news comes, and however often', () => {
    fc.assert(
      fc.property(fc.array(anySighting, { minLength: 2, maxLength: 6 }), (sightings) => {
        const facts = sightings.map(factsOf);
        const { firstName: _one, username: _two, ...forward } = facts.reduce(mergeFacts);
        const { firstName: _three, username: _four, ...backward } = [...facts, ...facts].reverse().reduce(mergeFacts);
        expect(backward).toEqual(forward);
      }),
    );
  });

  it('is of the same source in whatever order nameless news of one moment comes', () => {
    const unknown = (change: Partial<Sighting>): Sighting =>
      sighting({ standing: 'unknown', at: '2026-03-01T10:00:04.000Z', first_name: '', ...change });
    const facts = [
      unknown({ source: 'chat_member' }),
      unknown({ source: 'message', first_name: 'Anna', at: '2026-03-01T10:00:00.000Z' }),
      unknown({ source: 'administrators' }),
    ].map(factsOf);
    const sources = [facts, [...facts].reverse()].map((news) => news.reduce(mergeFacts).source);
    expect(sources).toEqual(['chat_member', 'chat_member']);
  });

  it.each([
    ['later news', sighting({ standing: 'out', at: '2026-03-01T10:00:01.000Z' }), 'out'],
    ['earlier news', sighting({ standing: 'out', at: '2026-03-01T09:59:59.000Z' }), 'in'],
    ['the later update of one second', sighting({ standing: 'out', order: 1 }), 'out'],
    ['news that says nothing', sighting({ standing: 'unknown', at: '2026-03-02T10:00:00.000Z' }), 'in'],
    ['a list, however new', sighting({ standing: 'out', source: 'import', at: '2027-01-01T00:00:00.000Z' }), 'in'],
  ])('after %s', (_what, news, standing) => {
    expect(mergeFacts(factsOf(sighting({})), factsOf(news)).standing).toBe(standing);
  });

  it('stays unknown until somebody says more, and a list is better than nothing', () => {
    const seen = factsOf(sighting({ standing: 'unknown', source: 'message' }));
    expect(seen).toMatchObject({ standing: 'unknown', standingAt: null, source: 'message' });
    const listed = mergeFacts(seen, factsOf(sighting({ source: 'import', first_name: '' })));
    expect(listed).toMatchObject({ standing: 'in', source: 'import', firstName: 'Anna' });
    const left = mergeFacts(listed, factsOf(sighting({ standing: 'out', at: '2020-01-01T00:00:00.000Z' })));
    expect(left).toMatchObject({ standing: 'out', source: 'chat_member' });
  });

  it.each([
    ['10001', true],
    ['0', false],
    ['-1001234567890', false],
    ['1087968824', false],
    ['777000', false],
    ['136817688', false],
    ['12345678901234567', false],
  ])('the id %s can be a person: %s', (id, isPerson) => {
    expect(isPersonId(id)).toBe(isPerson);
  });
});

it('U-12: judges each row of a list by itself', () => {
  const ids = [' 10001 ', 'x', '', '10001', '-5', '777000', '1e5'];
  expect(judgeRows(ids.map((telegram_id) => ({ telegram_id }))).map(({ problem }) => problem)).toEqual([
    null,
    'not_an_id',
    'not_an_id',
    'twice',
    'not_a_person',
    'not_a_person',
    'not_an_id',
  ]);
});

it.each([
  ['administrator', ['can_invite_users', 'can_restrict_members', 'can_pin_messages'], []],
  ['administrator', ['can_invite_users'], ['can_restrict_members']],
  ['member', [], ['administrator', 'can_invite_users', 'can_restrict_members']],
  ['restricted', [], ['administrator', 'can_invite_users', 'can_restrict_members']],
  ['left', [], []],
  ['kicked', [], []],
])('U-12: as %s with the rights %j the bot lacks %j', (status, rights, missing) => {
  expect(missingRights(status, rights)).toEqual(missing);
});
