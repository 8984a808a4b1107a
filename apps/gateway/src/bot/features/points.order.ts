import type { FeatureType } from '../menu.types.js';
import { CalendarFeature } from './calendar.feature.js';
import { CheckInFeature } from './check-in.feature.js';
import { LeaderboardFeature } from './leaderboard.feature.js';
import { MyStatisticsFeature } from './my-statistics.feature.js';
import { PointsFeature } from './points.feature.js';

export const pointsFeatures: readonly FeatureType[] = [
  CheckInFeature,
  CalendarFeature,
  MyStatisticsFeature,
  PointsFeature,
  LeaderboardFeature,
];
