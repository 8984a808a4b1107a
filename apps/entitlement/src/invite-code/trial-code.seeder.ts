import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, type NamedLock } from '#database';
import { UnitOfWork } from '#messaging';
import { InjectLogger, InjectSettings, onceDatabaseIsThere, type Logger } from '#service';
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
    @InjectLogger() private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { TRIAL_INVITE_CODE: configured } = this.settings;
    if (!configured) return;
    await onceDatabaseIsThere(this.logger, async () => {
      // Replicas that start together: one makes the code, the others need not.
      const lock = await this.database.acquireLock('trial-code');
      await this.seedUnder(lock, normaliseCode(configured));
    });
  }

  private async seedUnder(lock: NamedLock | null, code: string): Promise<void> {
    if (lock) await this.seed(code).finally(() => lock.release());
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
