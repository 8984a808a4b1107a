import { LogicEngine } from 'json-logic-engine';

export type FactValue = number | string | boolean;
/** What is known about an event: a value for each field of its type. */
export type Facts = Readonly<Record<string, FactValue>>;
export type Condition = Readonly<Record<string, unknown>>;

/** A field that conditions may name, and the values it can have. */
export interface FactField {
  readonly type: 'number' | 'string' | 'boolean';
  readonly values?: readonly string[];
  /** Whole numbers from here ... */
  readonly least?: number;
  /** ... to here. */
  readonly most?: number;
}
export type FactFields = Readonly<Record<string, FactField>>;

export interface Problem {
  readonly path: string;
  readonly problem: string;
}

const conditionDepthAtMost = 6;
const conditionNodesAtMost = 60;
/** Each is read again for every batch of events. */
const conditionLengthAtMost = 8_000;
const partsAtMost = 10;
const literalsAtMost = 20;
const literalLengthAtMost = 64;

const joints = ['and', 'or'] as const;
const orders = ['<', '<=', '>', '>='] as const;
const equalities = ['==', '!='] as const;
/** Everything a condition may consist of. Nothing here repeats, calls or reaches out of the event. */
const operators: readonly string[] = [...joints, ...orders, ...equalities, '!', 'in', 'var'];

/** The library with all other operators taken away; it interprets, and never compiles. */
const engine = new LogicEngine(undefined, { disableInline: true, disableInterpretedOptimization: true });
const methods = engine.methods as Record<string, unknown>;
for (const name of Object.keys(methods)) if (!operators.includes(name)) delete methods[name];

/** Whether a condition that was checked holds for the facts; without one it always does. */
export function conditionHolds(condition: Condition | null, facts: Facts): boolean {
  return condition === null || engine.run(condition, facts) === true;
}

/** The parts of a condition that all have to hold. */
export function partsOf(condition: Condition | null): Condition[] {
  if (condition === null) return [];
  const parts = condition['and'];
  return Array.isArray(parts) ? (parts as Condition[]) : [condition];
}

interface Walk {
  readonly fields: FactFields;
  readonly problems: Problem[];
  nodes: number;
}

/** Everything that is wrong with a condition in form: operators, fields, types, size (P-06). */
export function conditionProblems(condition: Condition, fields: FactFields): Problem[] {
  const walk: Walk = { fields, problems: [], nodes: 0 };
  checkNode(condition, 'condition', 1, walk);
  if (walk.problems.length === 0 && JSON.stringify(condition).length > conditionLengthAtMost)
    walk.problems.push({ path: 'condition', problem: 'too_large' });
  return walk.problems;
}

function checkNode(node: unknown, path: string, depth: number, walk: Walk): void {
  const add = (problem: string, at = path): number => walk.problems.push({ path: at.slice(0, 120), problem });
  walk.nodes += 1;
  if (walk.nodes === conditionNodesAtMost + 1) add('too_large', 'condition');
  if (walk.nodes > conditionNodesAtMost) return;
  if (depth > conditionDepthAtMost) return void add('too_deep');
  const operator = operatorOf(node);
  if (operator === undefined) return void add('no_single_operator');
  const inside = `${path}.${operator}`;
  const operands = (node as Condition)[operator];
  const list = Array.isArray(operands) ? (operands as unknown[]) : [operands];
  if (!operators.includes(operator) || operator === 'var') return void add('unknown_operator', inside);
  if (operator === '!') {
    if (list.length !== 1) add('one_operand', inside);
    else checkNode(list[0], inside, depth + 1, walk);
    return;
  }
  if (operator === 'and' || operator === 'or') {
    if (!Array.isArray(operands) || list.length === 0 || list.length > partsAtMost) add('one_to_ten_parts', inside);
    else list.forEach((part, index) => checkNode(part, `${inside}.${index}`, depth + 1, walk));
    return;
  }
  const problem = comparisonProblem(operator, list, walk.fields);
  if (problem) add(problem, inside);
}

function operatorOf(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return undefined;
  const keys = Object.keys(node);
  return keys.length === 1 ? keys[0] : undefined;
}

/** A comparison as this module reads it: a field, the operator seen from the field, and what it is compared with. */
export interface Comparison {
  readonly field: string;
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in';
  readonly values: readonly FactValue[];
}

const mirrored: Readonly<Record<string, Comparison['operator']>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};

/** Reads `field op value`, `value op field`, `value < field < value` and `field in values`; undefined for anything else. */
export function readComparison(operator: string, operands: readonly unknown[]): Comparison[] | undefined {
  const [first, second, third] = operands;
  if (operator === 'in') {
    const field = fieldOf(first);
    if (operands.length !== 2 || field === undefined || !isLiteralList(second)) return undefined;
    return [{ field, operator, values: second }];
  }
  const own = operator as Comparison['operator'];
  const other = mirrored[operator];
  if (other === undefined) return undefined;
  if (operands.length === 3) {
    const field = fieldOf(second);
    if (!['<', '<='].includes(operator) || field === undefined || !isLiteral(first) || !isLiteral(third))
      return undefined;
    return [
      { field, operator: other, values: [first] },
      { field, operator: own, values: [third] },
    ];
  }
  if (operands.length !== 2) return undefined;
  const left = fieldOf(first);
  if (left !== undefined && isLiteral(second)) return [{ field: left, operator: own, values: [second] }];
  const right = fieldOf(second);
  if (right !== undefined && isLiteral(first)) return [{ field: right, operator: other, values: [first] }];
  return undefined;
}

function comparisonProblem(operator: string, operands: readonly unknown[], fields: FactFields): string | undefined {
  const comparisons = readComparison(operator, operands);
  if (!comparisons) return 'a_field_and_a_value';
  for (const { field, values } of comparisons) {
    const known = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (!known) return 'unknown_field';
    if (values.some((value) => typeof value !== known.type)) return 'wrong_type';
    if (known.type !== 'number' && (orders as readonly string[]).includes(operator)) return 'numbers_only';
    if (known.values && values.some((value) => !known.values?.includes(String(value)))) return 'unknown_value';
  }
  return undefined;
}

function fieldOf(operand: unknown): string | undefined {
  if (operatorOf(operand) !== 'var') return undefined;
  const name = (operand as { var: unknown }).var;
  return typeof name === 'string' && /^[a-z][a-z0-9_]{0,31}$/.test(name) ? name : undefined;
}

function isLiteral(operand: unknown): operand is FactValue {
  if (typeof operand === 'number') return Number.isFinite(operand);
  if (typeof operand === 'string') return operand.length <= literalLengthAtMost;
  return typeof operand === 'boolean';
}

function isLiteralList(operand: unknown): operand is FactValue[] {
  return Array.isArray(operand) && operand.length > 0 && operand.length <= literalsAtMost && operand.every(isLiteral);
}
