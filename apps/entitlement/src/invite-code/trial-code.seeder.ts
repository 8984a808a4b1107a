import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InviteCodeCreated } from '#contracts';
import { Database, sqlTime } from '#database';
import { UnitOfWork } from '#messaging';
import { InjectSettings } from '#service';
import type { EntitlementSettings } from '../entitlement.env.js';
import { trialDays } from '../membership/membership.rules.js';
import { normaliseCode } from './invite-code.rules.js';
import { lockInviteCode } from './invite-code.store.js';

/** Makes the configured trial code at the first start (U-02); later starts, and other replicas, find it there. */
@Injectable()
export class TrialCodeSeeder implements OnApplicationBootstrap {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: Database,
    @InjectSettings() private readonly settings: EntitlementSettings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { TRIAL_INVITE_CODE: configured } = this.settings;
    if (!configured) return;
    const code = normaliseCode(configured);
    // Replicas that start together: one makes the code, the others need not.
    const lock = await this.database.acquireLock('trial-code');
    if (!lock) return;
    await this.seed(code).finally(() => lock.release());
  }

  private async seed(code: string): Promise<void> {
    await this.unitOfWork.runAs('trial-code', async (context) => {
      const { tx, now } = context;
      if (await lockInviteCode(tx, code)) return;
      const row = {
        code,
        kind: 'system_trial',
        days: trialDays,
        max_uses: null,
        uses: 0,
        enabled: 1,
        created_at: sqlTime(now),
      };
      const { insertId } = await tx.insert('invite_codes', row);
      const change = { after: { invite_code_id: insertId, kind: row.kind, days: row.days } };
      context.emit(InviteCodeCreated, { invite_code_id: insertId, kind: 'system_trial', max_uses: null }, change);
    });
  }
}
