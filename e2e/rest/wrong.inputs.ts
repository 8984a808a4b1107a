import type { FieldSchema, Operation, Parameter } from './openapi.reader.js';

/** An input that must be refused, and what is wrong with it. */
export interface WrongInput<Value> {
  fault: string;
  value: Value;
}

/** Bodies with one fault each, made from the schema and a body that is right. */
export function wrongBodies(schema: FieldSchema, right: Record<string, unknown>): WrongInput<unknown>[] {
  const properties = Object.entries(schema.properties ?? {});
  return [
    ...(schema.required ?? []).map((name) => ({ fault: `without ${name}`, value: without(right, name) })),
    { fault: 'with an unknown field', value: { ...right, unexpected: 1 } },
    ...['a text', 7, ['a', 'list'], true].map((value) => ({ fault: `is ${JSON.stringify(value)}`, value })),
    ...properties.flatMap(([name, field]) =>
      wrongValues(field).map((value) => ({
        fault: `${name} is ${JSON.stringify(value).slice(0, 40)}`,
        value: { ...right, [name]: value },
      })),
    ),
  ];
}

/** Query strings with one fault each. */
export function wrongQueries({ query }: Operation): WrongInput<string>[] {
  if (query.length === 0) return [];
  return [
    { fault: 'an unknown parameter', value: 'unexpected=1' },
    ...query.flatMap(({ name, schema }) => [
      { fault: `${name} twice`, value: `${name}=1&${name}=2` },
      ...wrongTexts({ name, in: 'query', schema }).map((text) => ({
        fault: `${name}=${text.slice(0, 20)}`,
        value: `${name}=${encodeURIComponent(text)}`,
      })),
    ]),
  ];
}

function wrongValues(field: FieldSchema): unknown[] {
  const nothing = field.nullable ? [] : [null];
  switch (field.type) {
    case 'string':
      return [...nothing, ...wrongStrings(field)];
    case 'integer':
      return [...nothing, ...wrongIntegers(field)];
    case 'number':
      return [...nothing, ...wrongIntegers(field).filter((value) => value !== 1.5)];
    case 'object':
      return [...nothing, 'a text', 7, true, []];
    case 'array':
      return [...nothing, 'a text', 7, true, {}];
    case 'boolean':
      return [...nothing, 'true', 1, [], {}];
    default:
      throw new Error(`no wrong values are known for the type ${field.type}`);
  }
}

function wrongIntegers({ minimum, maximum }: FieldSchema): unknown[] {
  return [
    ...['1', 1.5, true, [], {}],
    ...(minimum === undefined ? [] : [minimum - 1]),
    ...(maximum === undefined ? [] : [maximum + 1]),
  ];
}

function wrongStrings({ enum: allowed, minLength, maxLength, pattern }: FieldSchema): unknown[] {
  return [
    ...[42, true, [], {}, ['text']],
    ...(allowed ? ['nonsense', ''] : []),
    ...(minLength ? [''] : []),
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
    ...(pattern ? ['\u0001', 'no number'].filter((text) => !new RegExp(pattern, 'u').test(text)) : []),
  ];
}

function wrongTexts({ schema }: Parameter): string[] {
  const { maxLength, pattern, enum: allowed } = schema;
  return [
    ...(allowed ? ['nonsense'] : []),
    ...(pattern?.startsWith('^[0-9]') ? ['-1', '1.5', '0', '9999999999', '1e3', ' 1'] : []),
    ...(pattern ? ['yesterday', ''] : []),
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
  ];
}

function without(value: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}
