import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { AppError, GrantMembership, MembershipGranted, type HandledInputOf, type OutputOf } from '#contracts';
import { HandleCommand, requirePermission, requireStepUp, type CommandContext } from '#messaging';
import { Metrics, requireGoodStanding } from '#service';
import { findPlan } from '../plan/plan.service.js';
import { customPlan, decideMembership, membershipAt, refusalOf, type Grant } from './membership.rules.js';
import { lockMembership, saveMembership } from './membership.store.js';

type Wish = HandledInputOf<typeof GrantMembership>;

/** A membership that an admin gives, without a code (B-04). It begins and ends as one by code does (U-04). */
@Controller()
export class MembershipGrantService {
  private readonly grants: Counter<'kind'>;

  constructor(metrics: Metrics) {
    this.grants = metrics.counter('coser_membership_grants_total', 'Memberships given by admins, by kind', ['kind']);
  }

  @HandleCommand(GrantMembership)
  async grant(input: Wish, context: CommandContext): Promise<OutputOf<typeof GrantMembership>> {
    requirePermission(context.call, 'membership.grant');
    const { tx, now } = context;
    await requireGoodStanding(tx, input.user_id);
    const current = await lockMembership(tx, input.user_id);
    const grant = await this.grantOf(input, context);
    if (grant.days === null) requireStepUp(context.call);
    const refusal = refusalOf(current, grant, now);
    if (refusal) throw new AppError(refusal);
    const decided = decideMembership(current, grant, now);
    const history = { period: decided.period, reason: 'granted', inviteCodeId: null } as const;
    const changedAt = await saveMembership(tx, input.user_id, decided.membership, history, now);
    const before = membershipAt(current, now);
    const after = membershipAt(decided.membership, now);
    this.tell(context, input, { before, after, grant, decided, changedAt });
    tx.afterCommit(() => this.grants.labels(decided.membership.kind).inc());
    return { membership: after };
  }

  private async grantOf({ plan, days }: Wish, { tx }: CommandContext): Promise<Grant> {
    if ((plan === undefined) === (days === undefined)) {
      throw AppError.invalid([{ path: ['plan'], code: 'plan_or_days' }]);
    }
    const given = plan === undefined ? { code: customPlan(days ?? 0), days: days ?? 0 } : await findPlan(tx, plan);
    return { kind: 'formal', plan: given.code, days: given.days, newMembersOnly: false };
  }

  private tell(
    context: CommandContext,
    { user_id, reason }: Wish,
    { before, after, grant, decided, changedAt }: GrantOutcome,
  ): void {
    const { membership, renewal } = decided;
    const { actor } = context.call;
    context.emit(
      MembershipGranted,
      {
        user_id,
        kind: membership.kind,
        plan: membership.plan,
        started_at: membership.startedAt.toISOString(),
        expires_at: membership.expiresAt?.toISOString() ?? null,
        days: grant.days,
        reason,
        granted_by: actor.kind === 'user' ? actor.user_id : null,
        renewal,
        changed_at: changedAt.toISOString(),
      },
      { user_id, before: { ...before }, after: { ...after, reason } },
    );
  }
}

interface GrantOutcome {
  readonly before: ReturnType<typeof membershipAt>;
  readonly after: ReturnType<typeof membershipAt>;
  readonly grant: Grant;
  readonly decided: ReturnType<typeof decideMembership>;
  readonly changedAt: Date;
}
