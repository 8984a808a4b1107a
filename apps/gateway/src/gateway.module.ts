import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TextsModule } from '#i18n';
import { PrivacyModule } from './privacy/privacy.module.js';
import { StandingModule } from './standing/standing.module.js';
import type { ServiceDefinition } from '#service';
import { ActivityAdminController } from './activities/activity-admin.controller.js';
import { ActivityController } from './activities/activity.controller.js';
import { ContentAdminController } from './activities/content-admin.controller.js';
import { ContentController } from './activities/content.controller.js';
import { AccessModule } from './access/access.module.js';
import { peopleClients, peopleEndpoints } from './access/people.parts.js';
import { AuditController } from './audit/audit.controller.js';
import { BotModule } from './bot/bot.module.js';
import { FollowController } from './community/follow.controller.js';
import { StatisticsController } from './community/statistics.controller.js';
import { TagController } from './community/tag.controller.js';
import { BroadcastsController } from './broadcasts/broadcasts.controller.js';
import { DevelopmentController } from './development/development.controller.js';
import { createGatewayApplication } from './gateway.application.js';
import { readGatewaySettings, type GatewaySettings } from './gateway.env.js';
import { GroupsController } from './groups/groups.controller.js';
import { InviteCodeController } from './membership/invite-code.controller.js';
import { MembershipController } from './membership/membership.controller.js';
import { SystemCodeController } from './membership/system-code.controller.js';
import { DeliveriesController } from './notifications/deliveries.controller.js';
import { PasswordPageController } from './auth/password-page.controller.js';
import { MiniAppController } from './mini-app/mini-app.controller.js';
import { OperationsController } from './operations/operations.controller.js';
import { AdjustmentController } from './points/adjustment.controller.js';
import { AmnestyController } from './points/amnesty.controller.js';
import { CheckInController } from './points/check-in.controller.js';
import { LedgerAdminController } from './points/ledger-admin.controller.js';
import { shopControllers } from './points/shop.parts.js';
import { LeaderboardController } from './points/leaderboard.controller.js';
import { PointStatisticsController } from './points/statistics.controller.js';
import { PointsController } from './points/points.controller.js';
import { ReferralController } from './referral/referral.controller.js';
import { RegistrationController } from './registration/registration.controller.js';
import { AccessGuard } from './rest/access.guard.js';
import { AddressLimitGuard } from './rest/address-limit.guard.js';
import { RateLimitGuard } from './rest/rate-limit.guard.js';
import { RateLimitMetrics } from './rest/rate-limit.metrics.js';
import { UserSearchController } from './users/user-search.controller.js';
import { UserStatusController } from './users/user-status.controller.js';
import { RuleController } from './rules/rule.controller.js';
import { RuleOperationController } from './rules/rule-operation.controller.js';
import { UsersController } from './users/users.controller.js';
import { EmailBlacklistController } from './verification/email-blacklist.controller.js';
import { EmailCodeController } from './verification/email-code.controller.js';
import { EmailUndoController } from './verification/email-undo.controller.js';
import { EmailVerificationController } from './verification/email-verification.controller.js';
import { PhoneController } from './verification/phone.controller.js';

/** The edge: REST and the bot. It turns requests and updates into commands and queries, and owns no data. */
@Module({
  imports: [TextsModule, AccessModule, StandingModule, PrivacyModule, BotModule],
  controllers: [
    ...peopleEndpoints,
    RegistrationController,
    UsersController,
    UserSearchController,
    EmailVerificationController,
    EmailUndoController,
    EmailCodeController,
    PhoneController,
    EmailBlacklistController,
    CheckInController,
    AmnestyController,
    PointsController,
    LeaderboardController,
    AdjustmentController,
    ...shopControllers,
    LedgerAdminController,
    PointStatisticsController,
    ActivityController,
    ActivityAdminController,
    ContentController,
    ContentAdminController,
    RuleController,
    RuleOperationController,
    MembershipController,
    InviteCodeController,
    SystemCodeController,
    GroupsController,
    BroadcastsController,
    AuditController,
    DeliveriesController,
    UserStatusController,
    ReferralController,
    FollowController,
    TagController,
    StatisticsController,
    OperationsController,
    MiniAppController,
    PasswordPageController,
  ],
  providers: [
    ...peopleClients,
    RateLimitMetrics,
    { provide: APP_GUARD, useClass: AddressLimitGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
  ],
})
export class GatewayModule {}

/** What the embedded mode adds: development login and mails. */
@Module({ imports: [GatewayModule], controllers: [DevelopmentController] })
export class DevelopmentGatewayModule {}

export const gatewayService: ServiceDefinition<GatewaySettings> = {
  name: 'gateway',
  module: GatewayModule,
  readSettings: readGatewaySettings,
  usesCache: true,
  operationsPort: (settings) => settings.GATEWAY_METRICS_PORT,
  createApplication: createGatewayApplication,
};

/** The same service as the embedded mode runs it. */
export const developmentGatewayService: ServiceDefinition<GatewaySettings> = {
  ...gatewayService,
  module: DevelopmentGatewayModule,
};
