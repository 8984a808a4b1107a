/** The terms that are asked for now. */
interface AskedTerms {
  readonly version: string;
  readonly isRequired: boolean;
}

/** On which acceptance a registration stands that names none itself: one given before, if it is of the version that is required (U-02). */
export function acceptedTerms(asked: AskedTerms, acceptedBefore: string | null): { terms_version?: string } {
  return asked.isRequired && acceptedBefore === asked.version ? { terms_version: asked.version } : {};
}
