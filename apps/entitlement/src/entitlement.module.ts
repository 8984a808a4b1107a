import { Module } from '@nestjs/common';
import { EntitlementDataErased, ExportEntitlementData } from '#contracts';
import { dataArchiveOf, dataErasureOf, StandingService, type ServiceDefinition } from '#service';
import { readEntitlementSettings, type EntitlementSettings } from './entitlement.env.js';
import { MembershipOrderEntity } from './exchange/membership-order.entity.js';
import { MembershipOrderService } from './exchange/membership-order.service.js';
import { InviteCodeEntity } from './invite-code/invite-code.entity.js';
import { InviteCodeIssuer } from './invite-code/invite-code.issuer.js';
import { MemberCodeService } from './invite-code/member-code.service.js';
import { SystemCodeService } from './invite-code/system-code.service.js';
import { TrialCodeSeeder } from './invite-code/trial-code.seeder.js';
import { MembershipEntity, MembershipPeriodEntity } from './membership/membership.entity.js';
import { MembershipGrantService } from './membership/membership-grant.service.js';
import { MembershipService } from './membership/membership.service.js';
import { Invitations1700000001320 } from './migrations/1700000001320-invitations.js';
import { MembershipsAndCodes1700000000300 } from './migrations/1700000000300-memberships-and-codes.js';
import { MembershipOrders1700000002620 } from './migrations/1700000002620-membership-orders.js';
import { entitlementPersonalData } from './personal.data.js';
import { PlanEntity } from './plan/plan.entity.js';
import { PlanService } from './plan/plan.service.js';
import { InviterRewardService } from './registration/inviter-reward.service.js';
import { InvitationEntity } from './referral/invitation.entity.js';
import { ReferralService } from './referral/referral.service.js';
import { RegistrationService } from './registration/registration.service.js';
import { TermsConsentRecorder } from './registration/terms-consent.recorder.js';
import { MembershipReminderEntity } from './reminder/reminder.entity.js';
import { ReminderJob } from './reminder/reminder.job.js';
import { MemberIdentityEntity, TrialClaimEntity } from './trial/trial.entity.js';
import { TrialService } from './trial/trial.service.js';

/** The service `entitlement`: plans, invite codes, registrations, memberships, reminders. */
@Module({
  controllers: [
    RegistrationService,
    MembershipService,
    MembershipGrantService,
    MembershipOrderService,
    MemberCodeService,
    SystemCodeService,
    PlanService,
    TrialService,
    ReferralService,
    StandingService,
    dataArchiveOf(ExportEntitlementData, entitlementPersonalData),
    dataErasureOf(EntitlementDataErased, entitlementPersonalData),
  ],
  providers: [InviteCodeIssuer, InviterRewardService, TermsConsentRecorder, TrialCodeSeeder, ReminderJob],
})
export class EntitlementModule {}

export const entitlementService: ServiceDefinition<EntitlementSettings> = {
  name: 'entitlement',
  module: EntitlementModule,
  readSettings: readEntitlementSettings,
  tables: {
    entities: [
      PlanEntity,
      InviteCodeEntity,
      MembershipEntity,
      MembershipPeriodEntity,
      MembershipOrderEntity,
      MembershipReminderEntity,
      TrialClaimEntity,
      MemberIdentityEntity,
      InvitationEntity,
    ],
    migrations: [MembershipsAndCodes1700000000300, Invitations1700000001320, MembershipOrders1700000002620],
  },
  eventQueue: 'events.entitlement',
  personalData: entitlementPersonalData,
  operationsPort: (settings) => settings.ENTITLEMENT_METRICS_PORT,
};
