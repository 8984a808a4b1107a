import { CheckInReminderDue, RankReached } from './check-in.contracts.js';
import {
  ActivityCancelled,
  ActivityCompleted,
  ActivityMoved,
  ActivityPlaceFreed,
  ActivityRefused,
} from './activity.contracts.js';
import { ContentApproved, ContentRejected } from './content.contracts.js';
import type { EventContract } from './contract.js';
import {
  MembershipExtended,
  MembershipReminderDue,
  MembershipStarted,
  MembershipWithdrawn,
  RegistrationTermsAccepted,
} from './entitlement.contracts.js';
import { InvitationSucceeded } from './invite-code.contracts.js';
import { operationEvents } from './log-topic.events.js';
import { MembershipGranted } from './membership-grant.contracts.js';
import { ItemGiven, ItemRefused, ItemTakenBack } from './membership-item.contracts.js';
import { BalanceChanged, CheckedIn } from './points.contracts.js';
import { ItemGranted, ItemRevoked } from './points-shop.contracts.js';
import { InvitationRewarded } from './referral.contracts.js';
import { BusinessEventReported } from './rule-event.contracts.js';
import { RuleRewarded } from './rule.contracts.js';
import { StepUpRequested } from './user-step-up.contracts.js';
import { GroupMemberChanged, GroupMigrated } from './user-group.events.js';
import { ProfileCompleted, UserSettingsChanged } from './user-settings.contracts.js';
import { UserChanged, UserCreated } from './user-identity.contracts.js';
import {
  DeletionCancelled,
  DeletionReminderDue,
  DeletionRequested,
  EntitlementDataErased,
  ErasureStarted,
  NotificationDataErased,
  PointsDataErased,
} from './user-privacy.contracts.js';
import { UserStatusChanged } from './user-status.contracts.js';
import { EmailCodeIssued } from './user-email-code.contracts.js';
import { PhoneBound, PhoneUnbound, PhoneVerificationStarted } from './user-phone.contracts.js';
import {
  EmailBound,
  CanonicalAddressRenewed,
  EmailUnbound,
  EmailVerificationRefused,
} from './user-verification.contracts.js';

/**
 * Who listens to what, on one page. Every process declares all of these queues when it connects, so that no event is
 * published before the queues that want it exist. `all` is the audit log, which keeps every event (O-04).
 */
export const eventTopology = {
  'events.user': [
    MembershipStarted,
    MembershipExtended,
    MembershipWithdrawn,
    MembershipGranted,
    ItemGiven,
    ItemTakenBack,
    RegistrationTermsAccepted,
    BalanceChanged,
    EmailBound,
    EmailUnbound,
    InvitationSucceeded,
    EntitlementDataErased,
    PointsDataErased,
    NotificationDataErased,
  ],
  'events.entitlement': [
    UserCreated,
    EmailBound,
    CanonicalAddressRenewed,
    PhoneBound,
    UserStatusChanged,
    ErasureStarted,
    ItemGranted,
    ItemRevoked,
  ],
  'events.points': [
    UserCreated,
    UserChanged,
    UserSettingsChanged,
    UserStatusChanged,
    GroupMemberChanged,
    GroupMigrated,
    ErasureStarted,
    EmailBound,
    ProfileCompleted,
    MembershipStarted,
    ItemRefused,
    InvitationSucceeded,
    CheckedIn,
    ActivityCompleted,
    ContentApproved,
    BusinessEventReported,
  ],
  'events.notification': [
    ...operationEvents,
    UserCreated,
    UserChanged,
    UserSettingsChanged,
    EmailBound,
    EmailUnbound,
    EmailVerificationRefused,
    EmailCodeIssued,
    PhoneVerificationStarted,
    PhoneBound,
    PhoneUnbound,
    MembershipStarted,
    MembershipExtended,
    MembershipWithdrawn,
    MembershipGranted,
    ItemGiven,
    ItemTakenBack,
    MembershipReminderDue,
    InvitationSucceeded,
    InvitationRewarded,
    CheckedIn,
    UserStatusChanged,
    DeletionRequested,
    DeletionCancelled,
    DeletionReminderDue,
    ErasureStarted,
    RankReached,
    CheckInReminderDue,
    ActivityCompleted,
    ActivityRefused,
    ActivityCancelled,
    ActivityMoved,
    ActivityPlaceFreed,
    ContentApproved,
    ContentRejected,
    RuleRewarded,
    StepUpRequested,
  ],
  'events.audit': 'all',
} as const satisfies Record<`events.${string}`, readonly EventContract[] | 'all'>;

export type EventQueueName = keyof typeof eventTopology;

/** The wire names a queue is bound to; `#` for all. */
export function eventNamesOf(queue: EventQueueName): readonly string[] {
  const wanted = eventTopology[queue];
  return wanted === 'all' ? ['#'] : wanted.map(({ name }) => name);
}

export const eventQueueNames = Object.keys(eventTopology) as EventQueueName[];
