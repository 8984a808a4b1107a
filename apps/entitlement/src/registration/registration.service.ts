import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import {
  AppError,
  MembershipStarted,
  RegisterGroup,
  RegisterWithCode,
  type HandledInputOf,
  type OutputOf,
  type PeriodReason,
} from '#contracts';
import type { Tx } from '#database';
import { HandleCommand, requireUser, type CommandContext } from '#messaging';
import { Metrics, readStanding, requireGoodStanding } from '#service';
import {
  grantOf,
  normaliseCode,
  problemOf,
  type InviteCode,
  type InviteCodeProblem,
} from '../invite-code/invite-code.rules.js';
import { countUse, findInviteCode, hasUsed, lockInviteCode } from '../invite-code/invite-code.store.js';
import { decideMembership, membershipAt, refusalOf, type MembershipPeriod } from '../membership/membership.rules.js';
import { lockMembership, saveMembership } from '../membership/membership.store.js';
import { claimTrial } from '../trial/trial.store.js';
import { InviterRewardService } from './inviter-reward.service.js';
import { TermsConsentRecorder } from './terms-consent.recorder.js';

const reasons: Record<InviteCode['kind'], PeriodReason> = {
  system_trial: 'trial',
  system_formal: 'code',
  member: 'invitation',
};

/** Registration and renewal with an invite code (U-02 to U-05). */
@Controller()
export class RegistrationService {
  private readonly registrations: Counter<'kind'>;

  constructor(
    private readonly rewards: InviterRewardService,
    private readonly terms: TermsConsentRecorder,
    metrics: Metrics,
  ) {
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
    return this.start(context, requireUser(context.call), input);
  }

  /** A group's membership, at the word of the bot that one of the group's admins asks (U-01, U-03). */
  @HandleCommand(RegisterGroup)
  async registerGroup(
    input: HandledInputOf<typeof RegisterGroup>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RegisterGroup>> {
    requireUser(context.call);
    if (context.call.channel !== 'bot') throw new AppError('auth.forbidden');
    await requireGoodStanding(context.tx, input.group_user_id);
    return this.start(context, input.group_user_id, input);
  }

  private async start(
    context: CommandContext,
    userId: number,
    wish: Pick<HandledInputOf<typeof RegisterWithCode>, 'invite_code' | 'terms_version'>,
  ): Promise<OutputOf<typeof RegisterWithCode>> {
    const { tx, now } = context;
    const { current, inviter, code } = await this.lockAll(context, userId, normaliseCode(wish.invite_code));
    // Nor for a group of one's own: anybody can make as many of those as they like.
    if ([userId, requireUser(context.call)].some((id) => id === code.ownerUserId))
      throw new AppError('invite_code.own_code');
    const grant = grantOf(code);
    const refusal =
      refusalOf(current, grant, now) ?? problemOf(code, now) ?? (await this.standsAgainst(tx, userId, code));
    if (refusal) throw new AppError(refusal);
    if (grant.kind === 'trial') await claimTrial(tx, userId, now);
    // Last: nobody is asked to accept anything for a code that would not work.
    this.terms.record(context, wish.terms_version);
    await countUse(tx, code.id);
    const decided = decideMembership(current, grant, now);
    const history = { period: decided.period, reason: reasons[code.kind], inviteCodeId: code.id };
    const changedAt = await saveMembership(tx, userId, decided.membership, history, now);
    const membership = membershipAt(decided.membership, now);
    this.tell(context, userId, { before: membershipAt(current, now), decided, codeId: code.id, changedAt });
    if (inviter && code.ownerUserId !== null) {
      await this.rewards.reward(context, {
        inviterUserId: code.ownerUserId,
        inviter,
        inviteeUserId: userId,
        inviteCodeId: code.id,
      });
    }
    tx.afterCommit(() => this.registrations.labels(decided.membership.kind).inc());
    return { membership };
  }

  /** A formal code counts once for each member; of a trial the claims say so, which an admin can give back (U-02). */
  private async standsAgainst(tx: Tx, userId: number, code: InviteCode): Promise<InviteCodeProblem | null> {
    if (code.ownerUserId !== null && (await readStanding(tx, code.ownerUserId)) !== 'active')
      return 'invite_code.not_valid_now';
    return code.kind === 'system_formal' && (await hasUsed(tx, userId, code.id)) ? 'invite_code.already_used' : null;
  }

  /** Memberships in the order of their users, then the code: two registrations cannot wait for each other crosswise. */
  private async lockAll(
    { tx }: CommandContext,
    userId: number,
    text: string,
  ): Promise<{ current: MembershipPeriod | null; inviter: MembershipPeriod | null; code: InviteCode }> {
    const owner = (await findInviteCode(tx, text))?.ownerUserId ?? null;
    const users = [...new Set([userId, ...(owner === null ? [] : [owner])])].sort((left, right) => left - right);
    const locked = new Map<number, MembershipPeriod | null>();
    for (const user of users) locked.set(user, await lockMembership(tx, user));
    const code = await lockInviteCode(tx, text);
    if (!code) throw new AppError('invite_code.unknown');
    return { current: locked.get(userId) ?? null, inviter: owner === null ? null : (locked.get(owner) ?? null), code };
  }

  private tell(context: CommandContext, userId: number, { before, decided, codeId, changedAt }: Started): void {
    const { membership, renewal } = decided;
    context.emit(
      MembershipStarted,
      {
        user_id: userId,
        kind: membership.kind,
        plan: membership.plan,
        started_at: membership.startedAt.toISOString(),
        expires_at: membership.expiresAt?.toISOString() ?? null,
        invite_code_id: codeId,
        renewal,
        changed_at: changedAt.toISOString(),
      },
      {
        user_id: userId,
        before: { ...before },
        after: { ...membershipAt(membership, context.now), invite_code_id: codeId },
      },
    );
  }
}

interface Started {
  readonly before: object;
  readonly decided: ReturnType<typeof decideMembership>;
  readonly codeId: number;
  readonly changedAt: Date;
}
