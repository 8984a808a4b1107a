/** What a line can be about; each has a sentence in `locales/<lang>/log.json`. */
export const lineKinds = [
  'user_created',
  'registered',
  'renewed',
  'granted',
  'trial_withdrawn',
  'trial_reset',
  'invited',
  'email_bound',
  'email_unbound',
  'user_banned',
  'user_unbanned',
  'deletion_requested',
  'deletion_cancelled',
  'adjustment_requested',
  'points_adjusted',
  'adjustment_rejected',
  'codes_created',
  'code_changed',
  'members_imported',
  'group_migrated',
  'broadcast',
  'bot_ready',
  'bot_rights',
  'update_types',
  'velocity_alarm',
] as const;
export type LineKind = (typeof lineKinds)[number];

/** Somebody should do something about these: they are never folded into a number. */
const alarms: readonly LineKind[] = ['bot_rights', 'update_types', 'adjustment_requested', 'velocity_alarm'];
/** Every admin gets a message of their own about these, so that no line is needed where there is no log chat. */
const toldToAdmins: readonly LineKind[] = ['velocity_alarm'];

export function isAlarm(kind: LineKind): boolean {
  return alarms.includes(kind);
}

/** Whether the configured admin reads the line where there is no log chat. */
export function isForAdmin(kind: LineKind): boolean {
  return isAlarm(kind) && !toldToAdmins.includes(kind);
}

export interface LogLine {
  readonly id: number;
  readonly kind: LineKind;
  /** How many lines it stands for. */
  readonly repeats: number;
  /** It is a number, without a text of its own. */
  readonly isCount: boolean;
}

/** Telegram takes 4096 characters; a line's tags and the heading need some. */
const charactersAtMost = 3_500;
const linesAtMost = 40;
/** When more than this wait, one message could no longer keep up: lines are counted instead. */
const linesReadable = 120;

export interface Batch<Line> {
  /** Written out, in order. */
  readonly told: readonly Line[];
  /** Folded into numbers by kind. */
  readonly counted: ReadonlyMap<LineKind, number>;
  /** What is over when the message has been sent. */
  readonly done: readonly Line[];
}

/** Which of the waiting lines (oldest first) the next message holds. `lengthOf` is the length of a line as written. */
export function nextBatch<Line extends LogLine>(lines: readonly Line[], lengthOf: (line: Line) => number): Batch<Line> {
  const isTooMuch = lines.length > linesReadable;
  const counted = new Map<LineKind, number>();
  const told: Line[] = [];
  const done: Line[] = [];
  let characters = 0;
  for (const line of lines) {
    if (line.isCount || (isTooMuch && !isAlarm(line.kind))) {
      counted.set(line.kind, (counted.get(line.kind) ?? 0) + line.repeats);
      done.push(line);
      continue;
    }
    characters += lengthOf(line) + 1;
    // In order: nothing overtakes a line that does not fit.
    if (told.length >= linesAtMost || (told.length > 0 && characters > charactersAtMost)) break;
    told.push(line);
    done.push(line);
  }
  return { told, counted, done };
}
