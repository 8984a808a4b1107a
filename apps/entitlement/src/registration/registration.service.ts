import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { AppError, MembershipStarted, RegisterWithCode, type HandledInputOf, type OutputOf } from '#contracts';
import { isDuplicateKey, sqlTime, type Tx } from '#database';
import { HandleCommand, requireUser, type CommandContext } from '#messaging';
import { Metrics } from '#service';
import { normaliseCode, problemOf } from '../invite-code/invite-code.rules.js';
import { countUse, lockInviteCode } from '../invite-code/invite-code.store.js';
import { isOver, membershipAt, trialPeriod } from '../membership/membership.rules.js';
import { lockMembership, startPeriod } from '../membership/membership.store.js';

/** Registration with an invite code (U-02). */
@Controller()
export class RegistrationService {
  private readonly registrations: Counter<'kind'>;

  constructor(metrics: Metrics) {
    this.registrations = metrics.counter(
      'coser_registrations_total',
      'Memberships that began with an invite code, by kind',
      ['kind'],
    );
  }

  @HandleCommand(RegisterWithCode)
  async register(
    input: HandledInputOf<typeof RegisterWithCode>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RegisterWithCode>> {
    const { tx, now, call } = context;
    const userId = requireUser(call);
    // Always the member first, then the code: two registrations cannot wait for each other crosswise.
    const current = await lockMembership(tx, userId);
    const code = await lockInviteCode(tx, normaliseCode(input.invite_code));
    if (!code) throw new AppError('invite_code.unknown');
    if (current && !isOver(current, now)) throw new AppError('membership.already_active');
    if (current) throw new AppError('membership.trial_already_used');
    const problem = problemOf(code, now);
    if (problem) throw new AppError(problem);
    await claimTrial(tx, userId, now);
    await countUse(tx, code.id);
    const period = trialPeriod(now, code.days);
    await startPeriod(tx, userId, period, code.id, now);
    const membership = membershipAt(period, now);
    context.emit(
      MembershipStarted,
      {
        user_id: userId,
        kind: period.kind,
        plan: period.plan,
        started_at: period.startedAt.toISOString(),
        expires_at: period.expiresAt?.toISOString() ?? null,
        invite_code_id: code.id,
      },
      { user_id: userId, before: { state: 'none' }, after: { ...membership, invite_code_id: code.id } },
    );
    this.registrations.labels(period.kind).inc();
    return { membership };
  }
}

/** The primary key of the claims decides, not a look beforehand. */
async function claimTrial(tx: Tx, userId: number, now: Date): Promise<void> {
  try {
    await tx.insert('trial_claims', { identity: `user:${userId}`, user_id: userId, claimed_at: sqlTime(now) });
  } catch (error) {
    if (isDuplicateKey(error)) throw new AppError('membership.trial_already_used');
    throw error;
  }
}
