import { OrderedMembers } from './ordered.members.js';
import type { ScoreChange, ScoredMember, ScorePage, ScoreSets, Standing } from './score.sets.js';

/** Sets in the memory of one process. */
export class MemoryScoreSets implements ScoreSets {
  private readonly sets = new Map<string, ScoredSet>();

  async put(changes: readonly ScoreChange[]): Promise<void> {
    for (const { set, member, score } of changes) {
      const scored = this.sets.get(set) ?? new ScoredSet();
      scored.put(member, score);
      if (scored.order.size > 0) this.sets.set(set, scored);
      else this.sets.delete(set);
    }
  }

  async size(set: string): Promise<number> {
    return this.sets.get(set)?.order.size ?? 0;
  }

  async top(set: string, from: number, count: number): Promise<ScoredMember[]> {
    return this.sets.get(set)?.order.slice(from, count) ?? [];
  }

  async page(set: string, from: number, count: number): Promise<ScorePage> {
    return this.sets.get(set)?.page(from, count) ?? { members: [], above: 0, size: 0 };
  }

  async standing(set: string, member: number, neighbours = 0): Promise<Standing | null> {
    return this.sets.get(set)?.standing(member, neighbours) ?? null;
  }

  async drop(prefix: string): Promise<void> {
    for (const set of this.sets.keys()) if (set.startsWith(prefix)) this.sets.delete(set);
  }

  async close(): Promise<void> {
    this.sets.clear();
  }
}

class ScoredSet {
  readonly order = new OrderedMembers();
  private readonly scores = new Map<number, number>();

  put(member: number, score: number | null): void {
    const known = this.scores.get(member);
    if (known === score) return;
    if (known !== undefined) this.order.remove({ member, score: known });
    if (score === null) {
      this.scores.delete(member);
      return;
    }
    this.order.insert({ member, score });
    this.scores.set(member, score);
  }

  page(from: number, count: number): ScorePage {
    const members = this.order.slice(from, count);
    const [first] = members;
    return { members, above: first ? this.aboveOf(first.score) : 0, size: this.order.size };
  }

  standing(member: number, neighbours: number): Standing | null {
    const score = this.scores.get(member);
    if (score === undefined) return null;
    const above = this.aboveOf(score);
    const { size } = this.order;
    const position = this.order.positionOf({ member, score });
    const from = Math.max(0, position - neighbours);
    const page = this.page(from, position - from + neighbours + 1);
    return {
      score,
      position,
      above,
      below: size - this.order.positionOf({ member: Infinity, score }),
      size,
      next: above === 0 ? null : (this.order.slice(above - 1, 1)[0]?.score ?? null),
      around: { from, above: page.above, members: page.members },
    };
  }

  private aboveOf(score: number): number {
    return this.order.positionOf({ member: -Infinity, score });
  }
}
