import type { MembershipState, Segment } from '#contracts';
import { placeholders, sqlTime, type SqlValue } from '#database';
import { inGoodStanding } from '#service';

const dayMs = 24 * 60 * 60_000;

/** A part of a WHERE clause over `contacts c`. */
export interface SegmentFilter {
  readonly where: string;
  readonly values: readonly SqlValue[];
}

/** People whose name and language are known; groups that are customers have chats of their own and get no broadcasts. */
const addressable =
  "c.telegram_id IS NOT NULL AND c.telegram_id NOT LIKE '-%' AND c.locale IS NOT NULL AND c.first_name IS NOT NULL";

/** Who belongs to a segment at this moment, reachable or not (N-10). Banned members, those about to go and those erased hear nothing. */
export function segmentFilter(segment: Segment, now: Date): SegmentFilter {
  const conditions = [addressable, inGoodStanding('c.user_id')];
  const values: SqlValue[] = [];
  const add = (condition: string, ...more: SqlValue[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  if (segment.locales) add(`c.locale IN (${placeholders(segment.locales.length)})`, ...segment.locales);
  if (segment.active_within_days !== undefined) {
    add('c.active_at >= ?', sqlTime(new Date(now.getTime() - segment.active_within_days * dayMs)));
  }
  if (segment.group_id !== undefined) {
    add(
      `EXISTS (SELECT 1 FROM contact_groups g WHERE g.group_id = ? AND g.telegram_id = c.telegram_id AND g.standing = 'in')`,
      segment.group_id,
    );
  }
  if (segment.membership) {
    const states = segment.membership.map((state) => stateFilter(state, now));
    add(`(${states.map(({ where }) => where).join(' OR ')})`, ...states.flatMap((state) => state.values));
  }
  return { where: conditions.join(' AND '), values };
}

function stateFilter(state: MembershipState, now: Date): SegmentFilter {
  const time = sqlTime(now);
  switch (state) {
    case 'none':
      return { where: 'c.membership_kind IS NULL', values: [] };
    case 'permanent':
      return { where: "c.membership_kind = 'permanent'", values: [] };
    case 'expired':
      return { where: "(c.membership_kind IN ('trial', 'formal') AND c.membership_expires_at <= ?)", values: [time] };
    case 'trial':
    case 'formal':
      return { where: '(c.membership_kind = ? AND c.membership_expires_at > ?)', values: [state, time] };
  }
}
