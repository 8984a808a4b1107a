import * as checkIn from './check-in.contracts.js';
import * as activityAdmin from './activity-admin.contracts.js';
import * as activity from './activity.contracts.js';
import * as content from './content.contracts.js';
import type { AnyContract, EventContract, RequestContract } from './contract.js';
import * as entitlement from './entitlement.contracts.js';
import * as inviteCode from './invite-code.contracts.js';
import * as leaderboard from './leaderboard.contracts.js';
import * as membershipGrant from './membership-grant.contracts.js';
import * as membershipItem from './membership-item.contracts.js';
import * as broadcast from './notification-broadcast.contracts.js';
import * as notification from './notification.contracts.js';
import * as pointsAddress from './points-address.contracts.js';
import * as pointsAdjust from './points-adjust.contracts.js';
import * as points from './points.contracts.js';
import * as pointsAudit from './points-audit.contracts.js';
import * as pointsHold from './points-hold.contracts.js';
import * as pointsStatistics from './points-statistics.contracts.js';
import * as referral from './referral.contracts.js';
import * as ruleEvent from './rule-event.contracts.js';
import * as rule from './rule.contracts.js';
import * as pointsOrder from './points-order.contracts.js';
import * as pointsShop from './points-shop.contracts.js';
import * as pointsVelocity from './points-velocity.contracts.js';
import * as audit from './user-audit.contracts.js';
import * as community from './user-community.contracts.js';
import * as group from './user-group.contracts.js';
import * as groupEvents from './user-group.events.js';
import * as rosterChecks from './user-roster-check.contracts.js';
import * as access from './user-access.contracts.js';
import * as consoleAccounts from './user-console.contracts.js';
import * as identity from './user-identity.contracts.js';
import * as userSearch from './user-search.contracts.js';
import * as privacy from './user-privacy.contracts.js';
import * as blacklist from './user-blacklist.contracts.js';
import * as emailCode from './user-email-code.contracts.js';
import * as phone from './user-phone.contracts.js';
import * as session from './user-session.contracts.js';
import * as statistics from './user-statistics.contracts.js';
import * as status from './user-status.contracts.js';
import * as settings from './user-settings.contracts.js';
import * as stepUp from './user-step-up.contracts.js';
import * as verification from './user-verification.contracts.js';

function isContract(value: unknown): value is AnyContract {
  return typeof value === 'object' && value !== null && 'kind' in value && 'owner' in value;
}

/** Every contract of the platform, by wire name. */
export const allContracts: ReadonlyMap<string, AnyContract> = new Map(
  [
    checkIn,
    activityAdmin,
    activity,
    content,
    entitlement,
    inviteCode,
    leaderboard,
    membershipGrant,
    membershipItem,
    broadcast,
    notification,
    pointsAddress,
    pointsAdjust,
    points,
    pointsAudit,
    pointsHold,
    pointsStatistics,
    referral,
    ruleEvent,
    rule,
    pointsOrder,
    pointsShop,
    pointsVelocity,
    audit,
    community,
    group,
    groupEvents,
    rosterChecks,
    access,
    consoleAccounts,
    identity,
    phone,
    emailCode,
    blacklist,
    userSearch,
    privacy,
    session,
    statistics,
    status,
    settings,
    stepUp,
    verification,
  ]
    .flatMap((module) => Object.values(module as Record<string, unknown>))
    .filter(isContract)
    .map((contract) => [contract.name, contract]),
);

export const requestContracts = [...allContracts.values()].filter(
  (contract): contract is RequestContract => contract.kind !== 'event',
);
export const eventContracts = [...allContracts.values()].filter(
  (contract): contract is EventContract => contract.kind === 'event',
);
