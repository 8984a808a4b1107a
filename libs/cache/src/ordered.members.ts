import type { ScoredMember } from './score.sets.js';

/** A run of this length is cut in two; moving that many in memory takes about a microsecond. */
const longestRun = 1_024;

/**
 * Members in order: the highest score first, among equals the lower member number. They lie in short runs, because an array
 * of a million takes a millisecond to insert into; a position is found over the lengths of the runs.
 */
export class OrderedMembers {
  private readonly runs: ScoredMember[][] = [];
  private count = 0;

  get size(): number {
    return this.count;
  }

  insert(entry: ScoredMember): void {
    const at = Math.min(this.runOf(entry), this.runs.length - 1);
    const run = this.runs[at];
    this.count += 1;
    if (!run) {
      this.runs.push([entry]);
      return;
    }
    run.splice(placeIn(run, entry), 0, entry);
    if (run.length > longestRun) this.runs.splice(at + 1, 0, run.splice(run.length >>> 1));
  }

  /** Takes out an entry that is there. */
  remove(entry: ScoredMember): void {
    const at = this.runOf(entry);
    const run = this.runs[at];
    if (!run) return;
    run.splice(placeIn(run, entry), 1);
    this.count -= 1;
    if (run.length === 0) this.runs.splice(at, 1);
  }

  /** How many come before this score and member. */
  positionOf(entry: ScoredMember): number {
    const at = this.runOf(entry);
    let before = 0;
    for (let index = 0; index < at; index += 1) before += this.runs[index]?.length ?? 0;
    const run = this.runs[at];
    return run ? before + placeIn(run, entry) : before;
  }

  slice(from: number, count: number): ScoredMember[] {
    const found: ScoredMember[] = [];
    let skipped = 0;
    for (const run of this.runs) {
      if (found.length >= count) break;
      const start = Math.max(0, from - skipped);
      if (start < run.length) found.push(...run.slice(start, start + count - found.length));
      skipped += run.length;
    }
    return found;
  }

  /** The first run that does not end before the entry; behind the last where all do. */
  private runOf(entry: ScoredMember): number {
    return firstWhere(this.runs.length, (index) => {
      const last = this.runs[index]?.at(-1);
      return last !== undefined && !isBefore(last, entry);
    });
  }
}

/** Where the entry stands or would stand in a run. */
function placeIn(run: readonly ScoredMember[], entry: ScoredMember): number {
  return firstWhere(run.length, (index) => {
    const other = run[index];
    return other !== undefined && !isBefore(other, entry);
  });
}

function isBefore(left: ScoredMember, right: ScoredMember): boolean {
  return left.score > right.score || (left.score === right.score && left.member < right.member);
}

/** The first index of which it holds, where it holds of all after it; `length` where it holds of none. */
function firstWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
