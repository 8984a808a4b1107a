/** The terms that are asked for now. */
interface AskedTerms {
  readonly version: string;
  readonly isRequired: boolean;
}

export type TermsRefusal = 'terms.not_accepted' | 'terms.version_outdated';

/** Why a registration that stands on `given` is refused, or null when it is not (U-02, U-15). */
export function termsRefusal(given: string | undefined, { version, isRequired }: AskedTerms): TermsRefusal | null {
  if (given === undefined) return isRequired ? 'terms.not_accepted' : null;
  return given === version ? null : 'terms.version_outdated';
}
