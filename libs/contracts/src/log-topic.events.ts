import { InviteCodeChanged, InviteCodeCreated, TrialReset } from './invite-code.contracts.js';
import { BroadcastChanged } from './notification-broadcast.contracts.js';
import { AdjustmentRejected, AdjustmentRequested, PointsAdjusted } from './points-adjust.contracts.js';
import { OrderMoved, OrderPlaced } from './points-order.contracts.js';
import { VelocityAlarmRaised } from './points-velocity.contracts.js';
import {
  GroupBotChanged,
  GroupMemberChanged,
  GroupMembersImported,
  GroupMigrated,
  UpdateTypesChanged,
} from './user-group.events.js';

/** What the notification service hears for the log topic (B-05), for segments, of orders (P-07) and alarms (P-09). */
export const operationEvents = [
  GroupMemberChanged,
  GroupBotChanged,
  GroupMigrated,
  GroupMembersImported,
  UpdateTypesChanged,
  BroadcastChanged,
  InviteCodeCreated,
  InviteCodeChanged,
  TrialReset,
  AdjustmentRequested,
  AdjustmentRejected,
  PointsAdjusted,
  OrderPlaced,
  OrderMoved,
  VelocityAlarmRaised,
] as const;
