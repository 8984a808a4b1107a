import {
  readComparison,
  type Comparison,
  type Condition,
  type FactFields,
  type FactValue,
} from './rule-condition.rules.js';

/** How many steps the search may take before a condition counts as too complicated to be understood. */
const stepsAtMost = 5_000;

export type Satisfiability = 'never' | 'sometimes' | 'always' | 'too_complicated';

/** What a field can still be. Numbers are whole numbers here, as in all events. */
interface Range {
  readonly least: number;
  readonly most: number;
  readonly only: ReadonlySet<FactValue> | null;
  readonly not: ReadonlySet<FactValue>;
}
type Ranges = ReadonlyMap<string, Range>;

/** A condition without negations: each is moved into the comparisons. */
type Plain =
  | { readonly kind: 'all'; readonly parts: readonly Plain[] }
  | { readonly kind: 'any'; readonly parts: readonly Plain[] }
  | { readonly kind: 'compare'; readonly comparison: Comparison; readonly negated: boolean };

class TooComplicated extends Error {}

/** Whether a condition, right in form, can be true at all, and whether it can be false (P-06). */
export function satisfiabilityOf(condition: Condition, fields: FactFields): Satisfiability {
  try {
    if (!isPossible(plainOf(condition, false), fields)) return 'never';
    return isPossible(plainOf(condition, true), fields) ? 'sometimes' : 'always';
  } catch (error) {
    if (error instanceof TooComplicated) return 'too_complicated';
    throw error;
  }
}

function plainOf(condition: unknown, negated: boolean): Plain {
  const [[operator, operands]] = Object.entries(condition as Record<string, unknown>) as [[string, unknown]];
  const list = Array.isArray(operands) ? (operands as unknown[]) : [operands];
  if (operator === '!') return plainOf(list[0], !negated);
  if (operator === 'and' || operator === 'or') {
    const kind = (operator === 'and') !== negated ? 'all' : 'any';
    return { kind, parts: list.map((part) => plainOf(part, negated)) };
  }
  const comparisons = readComparison(operator, list) ?? [];
  const parts = comparisons.map((comparison): Plain => ({ kind: 'compare', comparison, negated }));
  return parts.length === 1 && parts[0] ? parts[0] : { kind: negated ? 'any' : 'all', parts };
}

/** Searches for values of the fields that make it true, one alternative after the other. */
function isPossible(whole: Plain, fields: FactFields): boolean {
  let steps = 0;
  const search = (pending: readonly Plain[], ranges: Ranges): boolean => {
    steps += 1;
    if (steps > stepsAtMost) throw new TooComplicated();
    const [first, ...rest] = pending;
    if (!first) return true;
    if (first.kind === 'all') return search([...first.parts, ...rest], ranges);
    if (first.kind === 'any') return first.parts.some((part) => search([part, ...rest], ranges));
    const { field } = first.comparison;
    const range = narrowed(ranges.get(field) ?? wholeRangeOf(fields, field), first.comparison, first.negated);
    return !isEmpty(range) && search(rest, new Map([...ranges, [field, range]]));
  };
  return search([whole], new Map());
}

function wholeRangeOf(fields: FactFields, name: string): Range {
  const field = fields[name];
  const least = field?.least ?? Number.MIN_SAFE_INTEGER;
  const most = field?.most ?? Number.MAX_SAFE_INTEGER;
  const values: readonly FactValue[] | undefined = field?.type === 'boolean' ? [true, false] : field?.values;
  return { least, most, only: values ? new Set(values) : null, not: new Set() };
}

const opposites = { '<': '>=', '<=': '>', '>': '<=', '>=': '<', '==': '!=', '!=': '==' } as const;

function narrowed(range: Range, { operator, values }: Comparison, negated: boolean): Range {
  if (operator === 'in' || operator === '==' || operator === '!=') {
    const excludes = (operator === '!=') !== negated;
    return excludes
      ? { ...range, not: new Set([...range.not, ...values]) }
      : { ...range, only: intersected(range.only, values) };
  }
  const value = Number(values[0]);
  switch (negated ? opposites[operator] : operator) {
    case '<':
      return { ...range, most: Math.min(range.most, Math.ceil(value) - 1) };
    case '<=':
      return { ...range, most: Math.min(range.most, Math.floor(value)) };
    case '>':
      return { ...range, least: Math.max(range.least, Math.floor(value) + 1) };
    case '>=':
      return { ...range, least: Math.max(range.least, Math.ceil(value)) };
  }
}

function intersected(only: ReadonlySet<FactValue> | null, values: readonly FactValue[]): ReadonlySet<FactValue> {
  return new Set(only ? values.filter((value) => only.has(value)) : values);
}

function isEmpty({ least, most, only, not }: Range): boolean {
  const isInside = (value: FactValue): boolean =>
    typeof value !== 'number' || (Number.isInteger(value) && value >= least && value <= most);
  if (only) return ![...only].some((value) => isInside(value) && !not.has(value));
  if (least > most) return true;
  return [...not].filter(isInside).length > most - least;
}
