import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const proofSchema = z.object({
  /** The name that was tried. */
  username: z.string(),
  /** Whose account it is, null when there is none. */
  userId: z.int().positive().nullable(),
  isRight: z.boolean(),
  /** A proof is void once the password is another. */
  passwordVersion: z.int(),
  expiresAtMs: z.int(),
});

/** What a look at a password said. It travels from the look to the transaction that acts on it. */
export type PasswordProof = z.infer<typeof proofSchema>;

export function sealProof(proof: PasswordProof, key: Buffer): string {
  const text = Buffer.from(JSON.stringify(proof)).toString('base64url');
  return `${text}.${signatureOf(text, key)}`;
}

/** Null for what was not sealed with the key, or is over. */
export function openProof(sealed: string, key: Buffer, now: Date): PasswordProof | null {
  const [text = '', signature = ''] = sealed.split('.');
  const [given, expected] = [Buffer.from(signature), Buffer.from(signatureOf(text, key))];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const proof = proofSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  return proof.success && proof.data.expiresAtMs > now.getTime() ? proof.data : null;
}

function signatureOf(text: string, key: Buffer): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Whether the proof says that the password of this account, as it is now, was right. */
export function provesPasswordOf(
  account: { readonly user_id: number; readonly password_version: number },
  proof: PasswordProof | null,
): boolean {
  return (
    proof?.isRight === true && proof.userId === account.user_id && proof.passwordVersion === account.password_version
  );
}
