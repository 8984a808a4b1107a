import { strFromU8, unzipSync } from 'fflate';
import { request } from 'undici';
import type { RestClient } from '../platform/index.js';

export type Archive = Record<string, Record<string, unknown>>;

/** The member's archive as REST gives it: each file of the zip, read. */
export async function fetchArchive(rest: RestClient): Promise<Archive> {
  const { statusCode, headers, body } = await request(`${rest.baseUrl}/v1/users/me/data-exports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${rest.tokens.access_token}` },
  });
  const content = Buffer.from(await body.arrayBuffer());
  if (statusCode !== 200 || headers['content-type'] !== 'application/zip')
    throw new Error(`${statusCode}: ${content.toString('utf8').slice(0, 500)}`);
  return readArchive(content);
}

export function readArchive(content: Uint8Array): Archive {
  return Object.fromEntries(
    Object.entries(unzipSync(content)).map(([name, file]) => [
      name,
      JSON.parse(strFromU8(file)) as Record<string, unknown>,
    ]),
  );
}
