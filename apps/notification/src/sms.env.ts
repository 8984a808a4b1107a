import { z } from 'zod';
import { urlOf } from '#config';

const headersSchema = z.record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().max(2_048));

/**
 * The SMS provider, as its own documentation describes the call that sends one message. `{{phone}}`, `{{text}}`, `{{code}}` and
 * `{{id}}` stand for the number (E.164), the whole text, the code alone, and an id that is the same when a message is sent again.
 */
export const smsEnvironment = {
  /** Unset: messages are written into `DATA_DIR/sms-outbox`. */
  SMS_HTTP_URL: urlOf('http', 'https').optional(),
  SMS_HTTP_METHOD: z.enum(['POST', 'PUT', 'GET']).default('POST'),
  /** A JSON object; holds the provider's key. */
  SMS_HTTP_HEADERS: z
    .string()
    .max(8_192)
    .transform((text, context) => {
      const parsed = headersSchema.safeParse(parseJson(text));
      if (parsed.success) return parsed.data;
      context.addIssue('must be a JSON object of header names and texts');
      return z.NEVER;
    })
    .default({ 'Content-Type': 'application/json' }),
  SMS_HTTP_BODY: z.string().max(8_192).default('{"to":"{{phone}}","text":"{{text}}","id":"{{id}}"}'),
  /** What a good answer contains besides its status 2xx, for providers that tell failures with 200. */
  SMS_HTTP_SUCCESS: z.string().max(256).optional(),
  SMS_HTTP_TIMEOUT_MS: z
    .string()
    .regex(/^[1-9][0-9]{2,4}$/, 'must be milliseconds, 100 to 99999')
    .transform(Number)
    .refine((milliseconds) => milliseconds <= 30_000, 'must be 30000 at most')
    .default(10_000),
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
