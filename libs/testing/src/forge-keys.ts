import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Private keys of a mail forge as PKCS #8 PEM text. `weak` is an RSA key below the 1024 bits that receivers demand. */
export interface ForgeKeys {
  rsa: string;
  ed25519: string;
  weak: string;
}

const pem = { type: 'pkcs8', format: 'pem' } as const;

/** New keys; takes about a tenth of a second. */
export function generateForgeKeys(): ForgeKeys {
  return {
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(pem).toString(),
    ed25519: generateKeyPairSync('ed25519').privateKey.export(pem).toString(),
    weak: generateKeyPairSync('rsa', { modulusLength: 768 }).privateKey.export(pem).toString(),
  };
}

/**
 * The keys kept in `file`, made on first use. Two processes that start together end up with the same keys, and a process
 * killed half way leaves no half file: the text is written aside and linked into place.
 */
export function keptForgeKeys(file: string): ForgeKeys {
  const kept = readKeys(file);
  if (kept) return kept;
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}.tmp`;
  writeFileSync(aside, JSON.stringify(generateForgeKeys()), { mode: 0o600 });
  try {
    linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  const written = readKeys(file);
  if (!written) throw new Error(`mail forge keys cannot be read back from ${file}`);
  return written;
}

function readKeys(file: string): ForgeKeys | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ForgeKeys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The TXT value of a DKIM key record (RFC 6376 section 3.6.1, RFC 8463 for Ed25519) for a private key. */
export function dkimKeyRecord(privateKey: string): string {
  const key = createPublicKey(createPrivateKey(privateKey));
  if (key.asymmetricKeyType === 'ed25519') {
    const point = key.export({ type: 'spki', format: 'der' }).subarray(-32);
    return `v=DKIM1; k=ed25519; p=${point.toString('base64')}`;
  }
  return `v=DKIM1; k=rsa; p=${key.export({ type: 'spki', format: 'der' }).toString('base64')}`;
}
