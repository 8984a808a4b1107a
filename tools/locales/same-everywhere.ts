/** Keys whose text may be the same in every language: names, which are not translated. `namespace.key`. */
export const sameEverywhere: ReadonlySet<string> = new Set<string>([]);
