import { z } from 'zod';
import { urlOf } from './variable.schemas.js';

/** What the platform brings along: the text is in `locales/`. */
const builtInVersion = '2026-03-01';
const versionPattern = /^[A-Za-z0-9._-]{1,16}$/;

/** The terms of use (U-02, U-15); every process is told the same. */
export const termsEnvironment = {
  /** Set: nobody registers who has not accepted this version. Unset: the bot says that joining means accepting, and REST asks nothing. */
  TERMS_VERSION: z.string().regex(versionPattern, 'must be 1 to 16 of A-Z a-z 0-9 . _ -').optional(),
  /** Where the community's own terms and privacy notice are; unset: the text that the platform brings along. */
  TERMS_URL: urlOf('http', 'https').optional(),
  PRIVACY_URL: urlOf('http', 'https').optional(),
};

export interface AskedTerms {
  readonly version: string;
  /** Whether a registration must have accepted them in so many words. */
  readonly isRequired: boolean;
}

/** The terms that are asked for now. */
export function askedTerms({ TERMS_VERSION }: { readonly TERMS_VERSION?: string | undefined }): AskedTerms {
  return { version: TERMS_VERSION ?? builtInVersion, isRequired: TERMS_VERSION !== undefined };
}
