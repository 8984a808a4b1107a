import { Module } from '@nestjs/common';
import { ExportPointsData, PointsDataErased } from '#contracts';
import { dataArchiveOf, dataErasureOf, StandingService, type ServiceDefinition } from '#service';
import { activityParts } from './activity/activity.parts.js';
import { AdjustmentDecisionService } from './adjust/adjustment-decision.service.js';
import { AdjustmentEntity } from './adjust/adjustment.entity.js';
import { AdjustmentService } from './adjust/adjustment.service.js';
import { AdjustmentWriter } from './adjust/adjustment.writer.js';
import { checkInControllers, checkInEntities, checkInProviders } from './check-in/check-in.parts.js';
import { contentParts } from './content/content.parts.js';
import { ledgerControllers, ledgerEntities, ledgerProviders } from './ledger/ledger.parts.js';
import { LedgerAndCheckIns1700000000100 } from './migrations/1700000000100-ledger-and-check-ins.js';
import { HoldsAndReversals1700000001400 } from './migrations/1700000001400-holds-and-reversals.js';
import { MemberCalendar1700000001410 } from './migrations/1700000001410-member-calendar.js';
import { LedgerSeals1700000001420 } from './migrations/1700000001420-ledger-seals.js';
import { PointAdjustments1700000001500 } from './migrations/1700000001500-point-adjustments.js';
import { InvitationRewardService } from './invitation/invitation-reward.service.js';
import { pointsPersonalData } from './personal.data.js';
import { ruleParts } from './rule/rule.parts.js';
import { readPointsSettings, type PointsSettings } from './points.env.js';

/** The service `points`: what handles messages stands under `controllers`, what they use under `providers`. */
@Module({
  controllers: [
    ...checkInControllers,
    ...ledgerControllers,
    AdjustmentService,
    AdjustmentDecisionService,
    InvitationRewardService,
    StandingService,
    dataArchiveOf(ExportPointsData, pointsPersonalData),
    dataErasureOf(PointsDataErased, pointsPersonalData),
    ...activityParts.controllers,
    ...contentParts.controllers,
    ...ruleParts.controllers,
  ],
  providers: [
    ...ledgerProviders,
    ...checkInProviders,
    AdjustmentWriter,
    ...activityParts.providers,
    ...contentParts.providers,
    ...ruleParts.providers,
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
      AdjustmentEntity,
      ...activityParts.entities,
      ...contentParts.entities,
      ...ruleParts.entities,
    ],
    migrations: [
      LedgerAndCheckIns1700000000100,
      HoldsAndReversals1700000001400,
      MemberCalendar1700000001410,
      LedgerSeals1700000001420,
      PointAdjustments1700000001500,
      ...activityParts.migrations,
      ...contentParts.migrations,
      ...ruleParts.migrations,
    ],
  },
  eventQueue: 'events.points',
  personalData: pointsPersonalData,
  operationsPort: (settings) => settings.POINTS_METRICS_PORT,
};
