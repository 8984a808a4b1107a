import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#database';
import { UnitOfWork } from '#messaging';
import { InjectSettings } from '#service';
import type { EntitlementSettings } from '../entitlement.env.js';
import { trialDays, trialPlan } from '../membership/membership.rules.js';
import { InviteCodeIssuer } from './invite-code.issuer.js';
import { normaliseCode } from './invite-code.rules.js';
import { lockInviteCode } from './invite-code.store.js';

/** Makes the configured trial code at the first start (U-02); later starts, and other replicas, find it there. */
@Injectable()
export class TrialCodeSeeder implements OnApplicationBootstrap {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: Database,
    private readonly issuer: InviteCodeIssuer,
    @InjectSettings() private readonly settings: EntitlementSettings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { TRIAL_INVITE_CODE: configured } = this.settings;
    if (!configured) return;
    // Replicas that start together: one makes the code, the others need not.
    const lock = await this.database.acquireLock('trial-code');
    if (!lock) return;
    await this.seed(normaliseCode(configured)).finally(() => lock.release());
  }

  private async seed(code: string): Promise<void> {
    await this.unitOfWork.runAs('trial-code', async (context) => {
      if (await lockInviteCode(context.tx, code)) return;
      await this.issuer.issueNamed(context, code, {
        kind: 'system_trial',
        plan: trialPlan,
        days: trialDays,
        maxUses: null,
        validFrom: null,
        validUntil: null,
        ownerUserId: null,
        batch: null,
      });
    });
  }
}
