import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { FieldCipher } from '#encryption';
import { InjectSettings } from '#service';
import type { UserSettings } from '../user.env.js';

const tokenBytes = 32;
const recoveryCodes = 10;
/** 80 bits each; without look-alikes. */
const recoveryCharacters = 16;
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** The console's secrets: keys derived for one purpose each, tokens, recovery codes, and the cipher of what must be read again. */
@Injectable()
export class ConsoleSecretIssuer {
  readonly cipher: FieldCipher;
  readonly proofKey: Buffer;
  private readonly hashKey: Buffer;

  constructor(@InjectSettings() settings: UserSettings) {
    this.cipher = new FieldCipher(settings.ENCRYPTION_KEYS);
    this.proofKey = derived(settings.AUTH_SECRET, 'coser console password proof');
    this.hashKey = derived(settings.AUTH_SECRET, 'coser console tokens and names');
  }

  /** A token for one use, and what is kept of it. */
  token(): { token: string; hash: string } {
    const token = randomBytes(tokenBytes).toString('base64url');
    return { token, hash: this.hashOf('token', token) };
  }

  /** Ten codes of four groups. */
  recoveryCodes(): string[] {
    return Array.from({ length: recoveryCodes }, () =>
      [...randomBytes(recoveryCharacters)]
        .map((byte) => alphabet[byte % alphabet.length])
        .join('')
        .replace(/(.{4})(?!$)/g, '$1-'),
    );
  }

  hashOf(kind: 'token' | 'name' | 'recovery', text: string): string {
    return createHmac('sha256', this.hashKey).update(`${kind}:${text}`).digest('hex');
  }
}

function derived(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
}
