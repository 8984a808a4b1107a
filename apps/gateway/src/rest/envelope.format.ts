import { z } from 'zod';

/** Every JSON answer has this shape; code 0 is success. */
export interface Envelope {
  readonly code: number;
  readonly message: string;
  readonly data: unknown;
  readonly request_id: string;
  readonly timestamp: string;
}

export function envelopeOf(code: number, message: string, data: unknown, requestId: string): Envelope {
  return { code, message, data, request_id: requestId, timestamp: new Date().toISOString() };
}

/** The same as a schema, for the OpenAPI document. */
export function envelopeSchema(data: z.ZodType, code: z.ZodType = z.literal(0)): z.ZodType {
  return z.object({
    code,
    message: z.string(),
    data,
    request_id: z.string(),
    timestamp: z.iso.datetime(),
  });
}
