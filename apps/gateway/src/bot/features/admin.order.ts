import type { FeatureType } from '../menu.types.js';
import { AdminBanFeature } from './admin-ban.feature.js';
import { AdminGrantFeature } from './admin-grant.feature.js';
import { AdminPendingFeature } from './admin-pending.feature.js';
import { AdminPointsFeature } from './admin-points.feature.js';
import { AdminStatisticsFeature } from './admin-statistics.feature.js';
import { AdminFeature } from './admin.feature.js';

export const adminFeatures: readonly FeatureType[] = [
  AdminFeature,
  AdminGrantFeature,
  AdminPointsFeature,
  AdminBanFeature,
  AdminPendingFeature,
  AdminStatisticsFeature,
];
