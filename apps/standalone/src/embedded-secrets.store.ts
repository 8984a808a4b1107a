import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const keyBytes = 32;

export interface EmbeddedSecrets {
  readonly AUTH_SECRET: string;
  /** Known to our own emulator alone. */
  readonly TELEGRAM_BOT_TOKEN: string;
  readonly ENCRYPTION_KEYS: string;
  readonly BLIND_INDEX_KEYS: string;
}

/**
 * Makes this installation's secrets at the first start and keeps them in the data directory, readable by its owner only. One that
 * an older version did not have is made when it is missed.
 */
export function embeddedSecrets(dataDirectory: string): EmbeddedSecrets {
  const file = join(dataDirectory, 'secrets.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<EmbeddedSecrets>) : {};
  const secrets: EmbeddedSecrets = { ...freshSecrets(), ...kept };
  if (Object.keys(kept).length === Object.keys(secrets).length) return secrets;
  mkdirSync(dataDirectory, { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

function freshSecrets(): EmbeddedSecrets {
  return {
    AUTH_SECRET: randomBytes(48).toString('base64url'),
    TELEGRAM_BOT_TOKEN: `${randomInt(100_000_000, 999_999_999)}:${randomBytes(26).toString('base64url')}`,
    ENCRYPTION_KEYS: `1:${randomBytes(keyBytes).toString('base64url')}`,
    BLIND_INDEX_KEYS: `1:${randomBytes(keyBytes).toString('base64url')}`,
  };
}
