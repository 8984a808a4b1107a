import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface EmbeddedSecrets {
  readonly AUTH_SECRET: string;
  /** Known to our own emulator alone. */
  readonly TELEGRAM_BOT_TOKEN: string;
}

/** Makes this installation's secrets at the first start and keeps them in the data directory, readable by its owner only. */
export function embeddedSecrets(dataDirectory: string): EmbeddedSecrets {
  const file = join(dataDirectory, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as EmbeddedSecrets;
  mkdirSync(dataDirectory, { recursive: true });
  const secrets: EmbeddedSecrets = {
    AUTH_SECRET: randomBytes(48).toString('base64url'),
    TELEGRAM_BOT_TOKEN: `${randomInt(100_000_000, 999_999_999)}:${randomBytes(26).toString('base64url')}`,
  };
  writeFileSync(`${file}.new`, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}
