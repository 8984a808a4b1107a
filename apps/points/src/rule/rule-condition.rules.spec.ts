import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  conditionHolds,
  conditionProblems,
  type Condition,
  type FactFields,
  type Facts,
} from './rule-condition.rules.js';
import { satisfiabilityOf } from './rule-contradiction.rules.js';

const fields: FactFields = {
  streak: { type: 'number', least: 1, most: 12 },
  kind: { type: 'string', values: ['text', 'link', 'photo'] },
  renewal: { type: 'boolean' },
};
const streak = { var: 'streak' };
const kind = { var: 'kind' };
const renewal = { var: 'renewal' };
const deep = (depth: number): Condition => (depth === 0 ? { '>': [streak, 2] } : { '!': [deep(depth - 1)] });

describe('a condition (P-06)', () => {
  it.each<[string, Condition, string[]]>([
    ['compares', { '>=': [streak, 7] }, []],
    ['compares the other way round', { '<': [7, streak] }, []],
    ['is between', { '<=': [2, streak, 7] }, []],
    ['is one of', { in: [kind, ['text', 'photo']] }, []],
    ['joins and negates', { and: [{ or: [{ '==': [kind, 'link'] }, { '!': { '==': [renewal, true] } }] }] }, []],
    ['names no field', { '>=': [{ var: 'balance' }, 7] }, ['condition.>=:unknown_field']],
    ['reaches into the prototype', { '==': [{ var: 'constructor' }, 'x'] }, ['condition.==:unknown_field']],
    ['reaches deeper', { '==': [{ var: 'kind.length' }, 4] }, ['condition.==:a_field_and_a_value']],
    ['compares a number with a word', { '>=': [streak, 'seven'] }, ['condition.>=:wrong_type']],
    ['orders words', { '<': [kind, 'text'] }, ['condition.<:numbers_only']],
    ['names no value', { '==': [kind, 'video'] }, ['condition.==:unknown_value']],
    ['compares two fields', { '==': [streak, streak] }, ['condition.==:a_field_and_a_value']],
    ['compares two values', { '<': [1, 2] }, ['condition.<:a_field_and_a_value']],
    ['loops', { map: [[1, 2], streak] }, ['condition.map:unknown_operator']],
    ['calls', { method: ['a', 'constructor'] }, ['condition.method:unknown_operator']],
    ['counts', { '+': [streak, 1] }, ['condition.+:unknown_operator']],
    ['is a bare field', { var: 'renewal' }, ['condition.var:unknown_operator']],
    ['is empty', {}, ['condition:no_single_operator']],
    ['has two operators', { '<': [streak, 2], '>': [streak, 4] }, ['condition:no_single_operator']],
    ['joins nothing', { and: [] }, ['condition.and:one_to_ten_parts']],
    ['is endlessly deep', deep(50), [`condition${'.!'.repeat(6)}:too_deep`]],
  ])('that %s', (_what, condition, expected) => {
    expect(conditionProblems(condition, fields).map(({ path, problem }) => `${path}:${problem}`)).toEqual(expected);
  });

  it('that is endlessly wide is refused', () => {
    const ten = (part: Condition): Condition => ({ or: Array.from({ length: 10 }, () => part) });
    const problems = conditionProblems(ten(ten(ten({ '>': [streak, 2] }))), fields);
    expect(problems).toEqual([{ path: 'condition', problem: 'too_large' }]);
  });

  it.each<[string, Condition, string]>([
    ['can be true', { '>': [streak, 2] }, 'sometimes'],
    ['asks for what cannot be', { '<': [streak, 1] }, 'never'],
    ['asks for a part of a day', { '==': [streak, 2.5] }, 'never'],
    ['contradicts itself', { and: [{ '>': [streak, 5] }, { '<': [streak, 6] }] }, 'never'],
    ['touches in one value', { and: [{ '>=': [streak, 5] }, { '<=': [streak, 5] }] }, 'sometimes'],
    ['excludes all there is', { '!': { in: [kind, ['text', 'link', 'photo']] } }, 'never'],
    [
      'contradicts itself in each alternative',
      {
        and: [{ or: [{ '==': [kind, 'text'] }, { '==': [kind, 'link'] }] }, { '==': [kind, 'photo'] }],
      },
      'never',
    ],
    ['says yes and no', { and: [{ '==': [renewal, true] }, { '!=': [renewal, true] }] }, 'never'],
    ['is always true', { or: [{ '==': [renewal, true] }, { '==': [renewal, false] }] }, 'always'],
    ['is true for all there is', { '>=': [streak, 1] }, 'always'],
    [
      'excludes an interval bit by bit',
      {
        and: [{ '<=': [4, streak, 5] }, { '!=': [streak, 4] }, { '!=': [streak, 5] }],
      },
      'never',
    ],
  ])('that %s', (_what, condition, expected) => {
    expect(conditionProblems(condition, fields)).toEqual([]);
    expect(satisfiabilityOf(condition, fields)).toBe(expected);
  });

  it('is judged as trying all facts would judge it', () => {
    const comparison = fc.oneof(
      fc
        .record({ operator: fc.constantFrom('<', '<=', '>', '>=', '==', '!='), value: fc.integer({ min: 0, max: 13 }) })
        .map(({ operator, value }): Condition => ({ [operator]: [streak, value] })),
      fc.constantFrom('text', 'link', 'photo').map((value): Condition => ({ '==': [kind, value] })),
      fc.boolean().map((value): Condition => ({ '!=': [value, renewal] })),
    );
    const { whole } = fc.letrec<{ whole: Condition }>((tie) => ({
      whole: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        comparison,
        fc.tuple(tie('whole'), tie('whole')).map((parts): Condition => ({ and: parts })),
        fc.tuple(tie('whole'), tie('whole')).map((parts): Condition => ({ or: parts })),
        tie('whole').map((part): Condition => ({ '!': [part] })),
      ),
    }));
    const all: Facts[] = Array.from({ length: 12 }, (_, index) => index + 1).flatMap((days) =>
      ['text', 'link', 'photo'].flatMap((word) =>
        [true, false].map((yes) => ({ streak: days, kind: word, renewal: yes })),
      ),
    );
    fc.assert(
      fc.property(whole, (condition) => {
        const holding = all.filter((facts) => conditionHolds(condition, facts)).length;
        const expected = holding === 0 ? 'never' : holding === all.length ? 'always' : 'sometimes';
        expect(satisfiabilityOf(condition, fields)).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });
});
