import { locales, type MembershipState, type Segment } from '#contracts';

/** Sets of states that are one choice; other combinations can be made by REST. */
export const memberships = {
  all: undefined,
  members: ['trial', 'formal', 'permanent'],
  trial: ['trial'],
  full: ['formal', 'permanent'],
  former: ['expired'],
  guests: ['none'],
} satisfies Record<string, MembershipState[] | undefined>;
export const membershipChoices = Object.keys(memberships) as (keyof typeof memberships)[];
export const activeChoices = [0, 7, 30, 90] as const;
/** What narrows whom a broadcast is for. */
export type SegmentPart = 'membership' | 'active' | 'language' | 'group';

/** The segment with one part of it changed; undefined for a choice that is none. */
export function narrowed(segment: Segment, part: SegmentPart, value: string): Segment | undefined {
  const { membership, active_within_days, locales: speak, group_id } = segment;
  const rest = { membership, active_within_days, locales: speak, group_id };
  switch (part) {
    case 'membership': {
      const states = membershipChoices.find((name) => name === value);
      if (states === undefined) return undefined;
      return { ...rest, membership: memberships[states] };
    }
    case 'active': {
      const days = activeChoices.find((choice) => String(choice) === value);
      return days === undefined ? undefined : { ...rest, active_within_days: days === 0 ? undefined : days };
    }
    case 'language': {
      const locale = locales.find((one) => one === value);
      if (value === 'all') return { ...rest, locales: undefined };
      return locale && { ...rest, locales: [locale] };
    }
    case 'group': {
      const groupId = /^[0-9]{1,15}$/.test(value) ? Number(value) : undefined;
      return groupId === undefined ? undefined : { ...rest, group_id: groupId === 0 ? undefined : groupId };
    }
  }
}

/** Whether two choices are the same, in whatever order. */
export function isSame(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  return [...(one ?? [])].sort().join() === [...(other ?? [])].sort().join();
}
