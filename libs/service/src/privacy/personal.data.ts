import type { SqlValue } from '#database';

/** Whose a row is: a column that holds the member's id, or one that leads to a row of another table which does. */
export type MemberColumn =
  string | { readonly column: string; readonly table: string; readonly key: string; readonly member: string };

/**
 * What a service says about each table that knows members (U-15). Every column named `user_id` or `..._user_id` must be in the
 * list: `tools/schema/personal-data.int-spec.ts` fails for one that is not.
 */
export interface PersonalTable {
  readonly table: string;
  readonly member: MemberColumn;
  /** The columns by which rows are in a fixed order, for the pages of an archive. */
  readonly key: string;
  /**
   * What becomes of a member's rows when the account is erased: `erase` deletes them, `keep` leaves them (then nothing in them
   * may say who it was but the id), a record of columns and values makes them anonymous.
   */
  readonly onErasure: 'erase' | 'keep' | Readonly<Record<string, SqlValue>>;
  /** What goes into the member's archive: column names, or nothing, where a row holds nothing that is theirs to read. */
  readonly archive: readonly string[] | 'nothing';
  /** Why rows are kept, or kept out of the archive. */
  readonly why?: string;
}

/** In the order in which they are erased: rows that lead to others come before those. */
export type PersonalData = readonly PersonalTable[];

/** What every service keeps: the standing of an account outlives it, because old tokens do. */
export const sharedPersonalData: PersonalData = [
  {
    table: 'standing_changes',
    member: 'user_id',
    key: 'id',
    onErasure: 'keep',
    archive: ['status', 'changed_at'],
    why: 'says of an id that its account is gone, so that a token which outlives it opens nothing',
  },
];

/** The name of a table's part in the archive. */
export function sectionOf({ table, member }: PersonalTable): string {
  return typeof member === 'string' && member !== 'user_id' && member !== 'id' ? `${table}.${member}` : table;
}

/** The condition that finds a member's rows; its one parameter is the id. */
export function conditionOf({ member }: PersonalTable): string {
  if (typeof member === 'string') return `${member} = ?`;
  return `${member.column} IN (SELECT ${member.key} FROM ${member.table} WHERE ${member.member} = ?)`;
}
