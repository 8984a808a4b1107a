import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '#service';
import { readEntitlementSettings, type EntitlementSettings } from './entitlement.env.js';
import { InviteCodeEntity } from './invite-code/invite-code.entity.js';
import { TrialCodeSeeder } from './invite-code/trial-code.seeder.js';
import { MembershipEntity, MembershipPeriodEntity, TrialClaimEntity } from './membership/membership.entity.js';
import { MembershipService } from './membership/membership.service.js';
import { MembershipsAndCodes1700000000300 } from './migrations/1700000000300-memberships-and-codes.js';
import { RegistrationService } from './registration/registration.service.js';

/** The service `entitlement`: invite codes, registrations, memberships. */
@Module({
  controllers: [RegistrationService, MembershipService],
  providers: [TrialCodeSeeder],
})
export class EntitlementModule {}

export const entitlementService: ServiceDefinition<EntitlementSettings> = {
  name: 'entitlement',
  module: EntitlementModule,
  readSettings: readEntitlementSettings,
  tables: {
    entities: [InviteCodeEntity, MembershipEntity, MembershipPeriodEntity, TrialClaimEntity],
    migrations: [MembershipsAndCodes1700000000300],
  },
  operationsPort: (settings) => settings.ENTITLEMENT_METRICS_PORT,
};
