import {
  activityWays,
  ActivityCompleted,
  businessEventKinds,
  BusinessEventReported,
  CheckedIn,
  ContentApproved,
  contentKinds,
  EmailBound,
  InvitationSucceeded,
  MembershipStarted,
  ProfileCompleted,
  UserCreated,
  type EventContract,
  type PayloadOf,
} from '#contracts';
import type { FactFields, Facts } from './rule-condition.rules.js';

/** An event that rules may name: whom it rewards, and what conditions can ask about it. */
export interface RuleEventType {
  readonly contract: EventContract;
  readonly fields: FactFields;
  /** Null when the event is nothing to reward anybody for. */
  read(payload: unknown): { userId: number; facts: Facts } | null;
}

const membershipKinds = ['trial', 'formal', 'permanent'] as const;
const channels = ['bot', 'rest', 'system'] as const;

function ruleEvent<Contract extends EventContract>(
  contract: Contract,
  fields: FactFields,
  read: (payload: PayloadOf<Contract>) => { userId: number; facts: Facts } | null,
): RuleEventType {
  return { contract, fields: { ...fields, ...timeFields }, read: (payload) => read(payload as PayloadOf<Contract>) };
}

/** What every event can be asked: when it was on the community's clock. */
const timeFields: FactFields = {
  hour: { type: 'number', least: 0, most: 23 },
  weekday: { type: 'number', least: 1, most: 7 },
};

/**
 * All of them. An event that follows from a reward (a changed balance, a reward itself, a level) must never be here: a rule
 * could then trigger itself. Neither must one that a member can cause again and again for nothing: an order in the exchange shop
 * costs nothing once it is cancelled, and its reward would stay.
 */
export const ruleEventTypes: readonly RuleEventType[] = [
  ruleEvent(UserCreated, { locale: { type: 'string', values: ['zh', 'en', 'ru'] } }, ({ user_id, kind, locale }) =>
    kind === 'person' ? { userId: user_id, facts: { locale } } : null,
  ),
  ruleEvent(ProfileCompleted, {}, ({ user_id }) => ({ userId: user_id, facts: {} })),
  ruleEvent(EmailBound, {}, ({ user_id }) => ({ userId: user_id, facts: {} })),
  ruleEvent(
    MembershipStarted,
    { kind: { type: 'string', values: membershipKinds }, plan: { type: 'string' }, renewal: { type: 'boolean' } },
    ({ user_id, kind, plan, renewal }) => ({ userId: user_id, facts: { kind, plan, renewal } }),
  ),
  ruleEvent(InvitationSucceeded, {}, ({ inviter_user_id }) => ({ userId: inviter_user_id, facts: {} })),
  ruleEvent(
    CheckedIn,
    {
      streak_days: { type: 'number', least: 1 },
      total_days: { type: 'number', least: 1 },
      points: { type: 'number', least: 1 },
      channel: { type: 'string', values: channels },
    },
    ({ user_id, streak_days, total_days, points, channel }) => ({
      userId: user_id,
      facts: { streak_days, total_days, points, channel },
    }),
  ),
  ruleEvent(
    ActivityCompleted,
    {
      activity_id: { type: 'number', least: 1 },
      way: { type: 'string', values: activityWays },
      points: { type: 'number', least: 20, most: 100 },
    },
    ({ user_id, activity_id, way, points }) => ({ userId: user_id, facts: { activity_id, way, points } }),
  ),
  ruleEvent(
    ContentApproved,
    { kind: { type: 'string', values: contentKinds }, points: { type: 'number', least: 5, most: 50 } },
    ({ user_id, kind, points }) => ({ userId: user_id, facts: { kind, points } }),
  ),
  ruleEvent(
    BusinessEventReported,
    { kind: { type: 'string', values: businessEventKinds }, amount: { type: 'number', least: 0 } },
    ({ user_id, kind, amount }) => ({ userId: user_id, facts: { kind, amount } }),
  ),
];

const byName = new Map(ruleEventTypes.map((type) => [type.contract.name as string, type]));

export function findRuleEventType(name: string): RuleEventType | undefined {
  return byName.get(name);
}
