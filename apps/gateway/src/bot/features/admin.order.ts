import type { FeatureType } from '../menu.types.js';
import { AdminActivityFeature } from './admin-activity.feature.js';
import { AdminAlarmFeature } from './admin-alarm.feature.js';
import { AdminAmnestyFeature } from './admin-amnesty.feature.js';
import { AdminBanFeature } from './admin-ban.feature.js';
import { AdminBlacklistFeature } from './admin-blacklist.feature.js';
import { AdminCodeDraftFeature } from './admin-code-draft.feature.js';
import { AdminCodeFeature } from './admin-code.feature.js';
import { AdminGrantFeature } from './admin-grant.feature.js';
import { AdminItemFeature } from './admin-item.feature.js';
import { AdminOrderFeature } from './admin-order.feature.js';
import { AdminPendingFeature } from './admin-pending.feature.js';
import { AdminPointsFeature } from './admin-points.feature.js';
import { AdminStatisticsFeature } from './admin-statistics.feature.js';
import { AdminFeature } from './admin.feature.js';
import { BroadcastDraftFeature } from './broadcast-draft.feature.js';
import { BroadcastSendingFeature } from './broadcast-sending.feature.js';
import { BroadcastFeature } from './broadcast.feature.js';
import { ConsoleFeature } from './console.feature.js';
import { ReviewFeature } from './review.feature.js';
import { RuleFeature } from './rule.feature.js';

export const adminFeatures: readonly FeatureType[] = [
  AdminFeature,
  AdminGrantFeature,
  AdminPointsFeature,
  AdminBanFeature,
  AdminPendingFeature,
  AdminAlarmFeature,
  AdminStatisticsFeature,
  BroadcastFeature,
  BroadcastDraftFeature,
  BroadcastSendingFeature,
  ReviewFeature,
  AdminActivityFeature,
  RuleFeature,
  AdminOrderFeature,
  AdminItemFeature,
  AdminCodeFeature,
  AdminCodeDraftFeature,
  AdminBlacklistFeature,
  AdminAmnestyFeature,
  ConsoleFeature,
];
