interface Scored {
  readonly score: number;
}

/**
 * Ranks of consecutive members of a board: equal scores have equal ranks, and the next rank counts all of them (1, 2, 2, 4).
 * `position` is that of the first of them, from 0; `above` is how many have a higher score than that first one.
 */
export function ranksOf(members: readonly Scored[], position: number, above: number): number[] {
  const ranks: number[] = [];
  for (const [index, { score }] of members.entries()) {
    const before = members[index - 1];
    if (!before) ranks.push(above + 1);
    else ranks.push(before.score === score ? (ranks[index - 1] as number) : position + index + 1);
  }
  return ranks;
}
