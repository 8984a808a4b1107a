import { placeholders, type Reader, type SqlTime } from '#database';

export interface InvitedMember {
  readonly userId: number;
  readonly invitedBy: number;
  readonly level: number;
  readonly invitedAt: SqlTime;
}

export interface Tree {
  readonly members: readonly InvitedMember[];
  /** False when there are more members than `membersAtMost`, or invitees below the last level. */
  readonly isComplete: boolean;
}

interface Row {
  invitee_user_id: number;
  inviter_user_id: number;
  invited_at: SqlTime;
}

const inviterIdsAtOnce = 500;

/** Everybody who came by a member, level by level, at most so deep and so many. Nobody is invited twice, so it is a tree. */
export async function readTree(
  reader: Reader,
  rootId: number,
  limits: { depth: number; membersAtMost: number },
): Promise<Tree> {
  const members: InvitedMember[] = [];
  let inviters = [rootId];
  for (let level = 1; level <= limits.depth && inviters.length > 0; level += 1) {
    const rows = await readInvitees(reader, inviters, limits.membersAtMost - members.length + 1);
    const room = limits.membersAtMost - members.length;
    members.push(
      ...rows.slice(0, room).map((row) => ({
        userId: row.invitee_user_id,
        invitedBy: row.inviter_user_id,
        level,
        invitedAt: row.invited_at,
      })),
    );
    if (rows.length > room) return { members, isComplete: false };
    inviters = rows.map(({ invitee_user_id }) => invitee_user_id);
  }
  const below = await readInvitees(reader, inviters, 1);
  return { members, isComplete: below.length === 0 };
}

async function readInvitees(reader: Reader, inviters: readonly number[], limit: number): Promise<Row[]> {
  const found: Row[] = [];
  for (let from = 0; from < inviters.length && found.length < limit; from += inviterIdsAtOnce) {
    const ids = inviters.slice(from, from + inviterIdsAtOnce);
    const rows = await reader.query<Row>(
      `SELECT invitee_user_id, inviter_user_id, invited_at FROM invitations
       WHERE inviter_user_id IN (${placeholders(ids.length)}) ORDER BY invited_at, invitee_user_id
       LIMIT ${Math.max(1, limit - found.length)}`,
      ids,
    );
    found.push(...rows);
  }
  return found;
}
