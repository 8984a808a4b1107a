import { z } from 'zod';
import type { FieldSchema, Operation } from './openapi.reader.js';

/** An answer as it came over the wire. */
export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

const envelope = z.strictObject({
  code: z.int(),
  message: z.string().min(1),
  data: z.unknown(),
  request_id: z.string().min(8),
  timestamp: z.iso.datetime(),
});
export type RawEnvelope = z.infer<typeof envelope>;

/** Lines of a stack, and words that only our engines would use. */
const insides = /\n\s+at |node_modules|\.[jt]s:\d+|ECONN|ETIMEDOUT|SQLITE_|\bER_[A-Z]+|amqp|QueryFailed/;

const compiled = new WeakMap<FieldSchema, z.ZodType>();

/**
 * Reads an answer as the envelope of A-01 and holds it to what the document says of this operation and status.
 * @throws when the answer tells of our insides, is no envelope, or is not documented like this
 */
export function checkAnswer(operation: Operation | null, { status, headers, text }: RawAnswer): RawEnvelope {
  const what = `${operation?.name ?? 'an unknown route'} answers ${status}: ${text.slice(0, 500)}`;
  if (insides.test(text)) throw new Error(`insides are told. ${what}`);
  const answer = envelope.safeParse(parse(text));
  if (!answer.success) throw new Error(`no envelope. ${what}\n${z.prettifyError(answer.error)}`);
  if (headers['x-request-id'] !== answer.data.request_id) throw new Error(`another request id in the header. ${what}`);
  if (operation && headers['cache-control'] !== 'no-store') throw new Error(`caches may keep it. ${what}`);
  if (status < 400 !== (answer.data.code === 0)) throw new Error(`status and code disagree. ${what}`);
  if (status === 429 && !/^[1-9][0-9]*$/.test(String(headers['retry-after'])))
    throw new Error(`no Retry-After. ${what}`);
  if (operation) checkDocumented(operation, status, answer.data, what);
  return answer.data;
}

function checkDocumented(operation: Operation, status: number, answer: RawEnvelope, what: string): void {
  const schema = operation.answers.get(status);
  if (schema === undefined) throw new Error(`this status is not documented. ${what}`);
  if (schema === null) return;
  const checked = validatorOf(schema).safeParse(answer);
  if (!checked.success) throw new Error(`not as documented. ${what}\n${z.prettifyError(checked.error)}`);
}

function validatorOf(schema: FieldSchema): z.ZodType {
  let validator = compiled.get(schema);
  if (!validator) {
    validator = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0], { defaultTarget: 'openapi-3.0' });
    compiled.set(schema, validator);
  }
  return validator;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
