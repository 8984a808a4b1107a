const bytesAtMost = 72;
const charactersAtLeast = 12;
const differentAtLeast = 5;

export type PasswordProblem = 'too_short' | 'too_long' | 'too_simple';

/** Why a password is not good enough, or null (U-13). bcrypt reads 72 bytes: a longer one would match by its beginning. */
export function judgePassword(password: string): PasswordProblem | null {
  if (new TextEncoder().encode(password).length > bytesAtMost || password.includes('\0')) return 'too_long';
  const characters = [...password];
  if (characters.length < charactersAtLeast) return 'too_short';
  return new Set(characters).size < differentAtLeast ? 'too_simple' : null;
}
