import { Controller } from '@nestjs/common';
import {
  GetMembership,
  ListMembershipPeriods,
  type HandledInputOf,
  type OutputOf,
  type PeriodReason,
} from '#contracts';
import { isoTime, isoTimeOrNull, type SqlTime } from '#database';
import { HandleQuery, requireUser, type QueryContext } from '#messaging';
import { membershipAt, type MembershipPeriod } from './membership.rules.js';
import { readMembership } from './membership.store.js';

interface PeriodRow {
  id: number;
  kind: MembershipPeriod['kind'];
  plan: string;
  reason: PeriodReason;
  started_at: SqlTime;
  expires_at: SqlTime | null;
  created_at: SqlTime;
}

/** Tells a member how the membership stands, and how it came about. */
@Controller()
export class MembershipService {
  @HandleQuery(GetMembership)
  async getMembership(
    _input: HandledInputOf<typeof GetMembership>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof GetMembership>> {
    return membershipAt(await readMembership(reader, requireUser(call)), now);
  }

  @HandleQuery(ListMembershipPeriods)
  async listPeriods(
    { page, page_size }: HandledInputOf<typeof ListMembershipPeriods>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListMembershipPeriods>> {
    const userId = requireUser(call);
    const total = await reader.count('membership_periods WHERE user_id = ?', [userId]);
    const rows = await reader.query<PeriodRow>(
      `SELECT id, kind, plan, reason, started_at, expires_at, created_at FROM membership_periods
       WHERE user_id = ? ORDER BY id DESC LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
      [userId],
    );
    const items = rows.map((row) => ({
      ...row,
      started_at: isoTime(row.started_at),
      expires_at: isoTimeOrNull(row.expires_at),
      created_at: isoTime(row.created_at),
    }));
    return { items, page, page_size, total };
  }
}
