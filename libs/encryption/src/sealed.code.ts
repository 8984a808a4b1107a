import type { FieldCipher } from './field.cipher.js';

/** A code on its way to the service that sends it. */
export interface CodeOnItsWay {
  /** The address or number it goes to. */
  readonly to: string;
  readonly code: string;
}

/** Closes a code for its event and its delivery, so that neither the outbox, the broker nor the deliveries hold it in the clear. */
export function sealCode(cipher: FieldCipher, verificationId: string, message: CodeOnItsWay): string {
  return cipher.encrypt(JSON.stringify([message.to, message.code]), placeOf(verificationId));
}

/** @throws UnreadableFieldError when it was closed for another verification, or with a key that is gone. */
export function openCode(cipher: FieldCipher, verificationId: string, sealed: string): CodeOnItsWay {
  const [to, code] = JSON.parse(cipher.decrypt(sealed, placeOf(verificationId))) as [string, string];
  return { to, code };
}

function placeOf(verificationId: string): { table: string; column: string; row: string } {
  return { table: 'codes on their way', column: 'code', row: verificationId };
}
