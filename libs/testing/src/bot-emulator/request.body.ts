import { createHash } from 'node:crypto';
import { badRequest } from './api.failure.js';

/** A file part of a form; its content is not kept. */
export class UploadedFile {
  constructor(
    readonly id: string,
    readonly name: string,
    readonly sizeBytes: number,
    readonly type: string,
  ) {}

  /** How the file looks in the recorded calls. */
  toJSON(): object {
    return { file_name: this.name, file_size: this.sizeBytes };
  }
}

/** Reads the parameters of a call from any of the four forms Telegram takes; query parameters come first, the body wins. */
export async function readParameters(
  query: unknown,
  body: unknown,
  contentType: string | undefined,
): Promise<Record<string, unknown>> {
  const fromQuery = typeof query === 'object' && query !== null ? { ...query } : {};
  if (!Buffer.isBuffer(body) || body.length === 0) {
    return fromQuery;
  }
  return { ...fromQuery, ...(await parse(body, contentType ?? '')) };
}

async function parse(body: Buffer, contentType: string): Promise<Record<string, unknown>> {
  const type = contentType.toLowerCase();
  if (type.startsWith('application/json')) {
    return parseJson(body);
  }
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  }
  if (type.startsWith('multipart/form-data')) {
    return parseForm(body, contentType);
  }
  return {};
}

function parseJson(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { ...value };
    }
  } catch {
    // Answered below, together with JSON that is no object.
  }
  throw badRequest("can't parse JSON object");
}

async function parseForm(body: Buffer, contentType: string): Promise<Record<string, unknown>> {
  const request = new Response(new Uint8Array(body), { headers: { 'content-type': contentType } });
  const form = await request.formData().catch(() => {
    throw badRequest("can't parse multipart form");
  });
  const values: Record<string, unknown> = {};
  for (const [name, value] of form) {
    values[name] = typeof value === 'string' ? value : await describeFile(value);
  }
  return values;
}

async function describeFile(file: File): Promise<UploadedFile> {
  const content = Buffer.from(await file.arrayBuffer());
  const id = createHash('sha256').update(content).digest('base64url').slice(0, 24);
  return new UploadedFile(id, file.name, content.length, file.type);
}
