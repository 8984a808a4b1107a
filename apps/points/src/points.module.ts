import { Module } from '@nestjs/common';
import { ExportPointsData, PointsDataErased } from '#contracts';
import { dataArchiveOf, dataErasureOf, StandingService, type ServiceDefinition } from '#service';
import { activityParts } from './activity/activity.parts.js';
import { adjustControllers, adjustEntities, adjustProviders } from './adjust/adjust.parts.js';
import { checkInControllers, checkInEntities, checkInProviders } from './check-in/check-in.parts.js';
import { contentParts } from './content/content.parts.js';
import { leaderboardParts } from './leaderboard/leaderboard.parts.js';
import { ledgerControllers, ledgerEntities, ledgerProviders } from './ledger/ledger.parts.js';
import { LedgerAndCheckIns1700000000100 } from './migrations/1700000000100-ledger-and-check-ins.js';
import { HoldsAndReversals1700000001400 } from './migrations/1700000001400-holds-and-reversals.js';
import { MemberCalendar1700000001410 } from './migrations/1700000001410-member-calendar.js';
import { LedgerSeals1700000001420 } from './migrations/1700000001420-ledger-seals.js';
import { PointAdjustments1700000001500 } from './migrations/1700000001500-point-adjustments.js';
import { ExchangeShop1700000001510 } from './migrations/1700000001510-exchange-shop.js';
import { Velocity1700000001520 } from './migrations/1700000001520-velocity.js';
import { WiderReasons1700000002430 } from './migrations/1700000002430-wider-reasons.js';
import { HonestShelf1700000002620 } from './migrations/1700000002620-honest-shelf.js';
import { LeaderboardRequests1700000002622 } from './migrations/1700000002622-leaderboard-requests.js';
import { InvitationRewardService } from './invitation/invitation-reward.service.js';
import { pointsPersonalData } from './personal.data.js';
import { reminderParts } from './reminder/reminder.parts.js';
import { ruleParts } from './rule/rule.parts.js';
import { StatisticsService } from './statistics/statistics.service.js';
import { readPointsSettings, type PointsSettings } from './points.env.js';
import { shopControllers, shopEntities, shopProviders } from './shop/shop.parts.js';
import { velocityControllers, velocityEntities, velocityProviders } from './velocity/velocity.parts.js';

/** The service `points`: what handles messages stands under `controllers`, what they use under `providers`. */
@Module({
  controllers: [
    ...checkInControllers,
    ...ledgerControllers,
    StatisticsService,
    ...adjustControllers,
    ...shopControllers,
    ...velocityControllers,
    InvitationRewardService,
    StandingService,
    dataArchiveOf(ExportPointsData, pointsPersonalData),
    dataErasureOf(PointsDataErased, pointsPersonalData),
    ...activityParts.controllers,
    ...leaderboardParts.controllers,
    ...contentParts.controllers,
    ...ruleParts.controllers,
    ...reminderParts.controllers,
  ],
  providers: [
    ...ledgerProviders,
    ...checkInProviders,
    ...adjustProviders,
    ...shopProviders,
    ...velocityProviders,
    ...activityParts.providers,
    ...leaderboardParts.providers,
    ...contentParts.providers,
    ...ruleParts.providers,
    ...reminderParts.providers,
  ],
})
export class PointsModule {}

export const pointsService: ServiceDefinition<PointsSettings> = {
  name: 'points',
  module: PointsModule,
  readSettings: readPointsSettings,
  tables: {
    entities: [
      ...ledgerEntities,
      ...checkInEntities,
      ...adjustEntities,
      ...shopEntities,
      ...velocityEntities,
      ...activityParts.entities,
      ...leaderboardParts.entities,
      ...contentParts.entities,
      ...ruleParts.entities,
      ...reminderParts.entities,
    ],
    migrations: [
      LedgerAndCheckIns1700000000100,
      HoldsAndReversals1700000001400,
      MemberCalendar1700000001410,
      LedgerSeals1700000001420,
      PointAdjustments1700000001500,
      ExchangeShop1700000001510,
      Velocity1700000001520,
      ...activityParts.migrations,
      ...leaderboardParts.migrations,
      ...contentParts.migrations,
      ...ruleParts.migrations,
      ...reminderParts.migrations,
      WiderReasons1700000002430,
      HonestShelf1700000002620,
      LeaderboardRequests1700000002622,
    ],
  },
  usesScoreSets: true,
  eventQueue: 'events.points',
  personalData: pointsPersonalData,
  operationsPort: (settings) => settings.POINTS_METRICS_PORT,
};
