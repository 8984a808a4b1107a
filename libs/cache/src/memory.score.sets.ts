import type { ScoreChange, ScoredMember, ScoreSets, Standing } from './score.sets.js';

/** Sets in the memory of one process: a sorted array each, found by bisection. */
export class MemoryScoreSets implements ScoreSets {
  private readonly sets = new Map<string, OrderedSet>();

  async put(changes: readonly ScoreChange[]): Promise<void> {
    for (const { set, member, score } of changes) {
      const ordered = this.sets.get(set) ?? new OrderedSet();
      ordered.put(member, score);
      if (ordered.size > 0) this.sets.set(set, ordered);
      else this.sets.delete(set);
    }
  }

  async size(set: string): Promise<number> {
    return this.sets.get(set)?.size ?? 0;
  }

  async top(set: string, from: number, count: number): Promise<ScoredMember[]> {
    return this.sets.get(set)?.slice(from, count) ?? [];
  }

  async standing(set: string, member: number): Promise<Standing | null> {
    return this.sets.get(set)?.standing(member) ?? null;
  }

  async drop(prefix: string): Promise<void> {
    for (const set of this.sets.keys()) if (set.startsWith(prefix)) this.sets.delete(set);
  }

  async close(): Promise<void> {
    this.sets.clear();
  }
}

class OrderedSet {
  private readonly scores = new Map<number, number>();
  private readonly order: ScoredMember[] = [];

  get size(): number {
    return this.order.length;
  }

  put(member: number, score: number | null): void {
    const known = this.scores.get(member);
    if (known === score) return;
    if (known !== undefined) this.order.splice(this.positionOf(known, member), 1);
    if (score === null) {
      this.scores.delete(member);
      return;
    }
    this.order.splice(this.positionOf(score, member), 0, { member, score });
    this.scores.set(member, score);
  }

  slice(from: number, count: number): ScoredMember[] {
    return this.order.slice(from, from + count);
  }

  standing(member: number): Standing | null {
    const score = this.scores.get(member);
    if (score === undefined) return null;
    const above = this.positionOf(score, -Infinity);
    const below = this.size - this.positionOf(score, Infinity);
    return { score, position: this.positionOf(score, member), above, below };
  }

  /** How many come before this score and member. */
  private positionOf(score: number, member: number): number {
    let low = 0;
    let high = this.order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.order[middle] as ScoredMember;
      if (entry.score > score || (entry.score === score && entry.member < member)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
