import type { z } from 'zod';
import { ConfigurationError, type ConfigurationProblem } from './configuration.error.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Shorter values are words of every sentence: cutting them out would hide the problem and no secret. */
const hiddenFromLength = 3;

/**
 * Reads the variables that the schema names and returns them typed. An empty variable counts as unset: that is what a line
 * `NAME=` in an env file means.
 * @throws ConfigurationError with all problems at once; it holds no values.
 */
export function loadConfiguration<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment = process.env,
): Readonly<z.output<Schema>> {
  const names = Object.keys(schema.shape);
  const given = Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
  const parsed = schema.safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  throw new ConfigurationError(parsed.error.issues.map((issue) => problemOf(issue, given)));
}

function problemOf(issue: z.core.$ZodIssue, given: Environment): ConfigurationProblem {
  const variable = issue.path.length > 0 ? issue.path.join('.') : 'environment';
  const name = String(issue.path[0] ?? '');
  if (issue.path.length === 1 && given[name] === undefined && issue.code === 'invalid_type') {
    return { variable, problem: 'is not set' };
  }
  return { variable, problem: withoutValues(issue.message, given) };
}

/** Own messages hold no values; this covers messages of schemas to come. */
function withoutValues(message: string, given: Environment): string {
  return Object.values(given).reduce<string>((text, value) => {
    return value !== undefined && value.length >= hiddenFromLength ? text.replaceAll(value, '(hidden)') : text;
  }, message);
}
