import { Controller } from '@nestjs/common';
import {
  GetReferralStatistics,
  GetReferralTree,
  ListMyInvitees,
  referralDepthAtMost,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isoTime, sqlTime, type SqlTime } from '#database';
import { HandleQuery, requirePermission, requireUser, type QueryContext } from '#messaging';
import { readTree } from './referral.store.js';

const treeMembersAtMost = 500;
const countedAtMost = 5_000;

/** Who invited whom (U-16): for the inviter, and as tree and statistics for admins. */
@Controller()
export class ReferralService {
  @HandleQuery(ListMyInvitees)
  async listMine(
    { page, page_size }: HandledInputOf<typeof ListMyInvitees>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListMyInvitees>> {
    const userId = requireUser(call);
    const total = await reader.count('invitations WHERE inviter_user_id = ?', [userId]);
    const rows = await reader.query<{ user_id: number; invited_at: SqlTime; own: number | string }>(
      `SELECT i.invitee_user_id AS user_id, i.invited_at,
       (SELECT COUNT(*) FROM invitations o WHERE o.inviter_user_id = i.invitee_user_id) AS own
       FROM invitations i WHERE i.inviter_user_id = ? ORDER BY i.invited_at DESC, i.invitee_user_id DESC
       LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
      [userId],
    );
    const tree = await readTree(reader, userId, { depth: referralDepthAtMost, membersAtMost: countedAtMost });
    return {
      items: rows.map(({ user_id, invited_at, own }) => ({
        user_id,
        invited_at: isoTime(invited_at),
        invited_themselves: Number(own),
      })),
      page,
      page_size,
      total,
      tree_total: tree.members.length,
      is_complete: tree.isComplete,
    };
  }

  @HandleQuery(GetReferralTree)
  async getTree(
    { user_id, depth }: HandledInputOf<typeof GetReferralTree>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetReferralTree>> {
    requirePermission(call, 'referral.read');
    const above = await reader.one<{ inviter_user_id: number }>(
      'SELECT inviter_user_id FROM invitations WHERE invitee_user_id = ?',
      [user_id],
    );
    const { members, isComplete } = await readTree(reader, user_id, { depth, membersAtMost: treeMembersAtMost });
    return {
      user_id,
      invited_by: above?.inviter_user_id ?? null,
      members: members.map(({ userId, invitedBy, level, invitedAt }) => ({
        user_id: userId,
        invited_by: invitedBy,
        level,
        invited_at: isoTime(invitedAt),
      })),
      is_complete: isComplete,
    };
  }

  @HandleQuery(GetReferralStatistics)
  async getStatistics(
    { from, to, top }: HandledInputOf<typeof GetReferralStatistics>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetReferralStatistics>> {
    requirePermission(call, 'statistics.read');
    const times = [sqlTime(new Date(from)), sqlTime(new Date(to))];
    const counts = await reader.one<{ invitations: number | string; inviters: number | string }>(
      `SELECT COUNT(*) AS invitations, COUNT(DISTINCT inviter_user_id) AS inviters FROM invitations
       WHERE invited_at >= ? AND invited_at < ?`,
      times,
    );
    const rows = await reader.query<{ user_id: number; invitations: number | string }>(
      `SELECT inviter_user_id AS user_id, COUNT(*) AS invitations FROM invitations
       WHERE invited_at >= ? AND invited_at < ? GROUP BY inviter_user_id
       ORDER BY invitations DESC, user_id LIMIT ${top}`,
      times,
    );
    return {
      invitations: Number(counts?.invitations ?? 0),
      inviters: Number(counts?.inviters ?? 0),
      top: rows.map(({ user_id, invitations }) => ({ user_id, invitations: Number(invitations) })),
    };
  }
}
