import { Controller } from '@nestjs/common';
import {
  EmailBound,
  CanonicalAddressRenewed,
  MembershipWithdrawn,
  PhoneBound,
  ResetTrial,
  TrialReset,
  UserCreated,
  type HandledInputOf,
  type OutputOf,
  type PayloadOf,
} from '#contracts';
import { sqlTime } from '#database';
import { HandleCommand, HandleEvent, requirePermission, type CommandContext, type EventContext } from '#messaging';
import { isErased } from '#service';
import { isOver } from '../membership/membership.rules.js';
import { lockMembership, saveMembership } from '../membership/membership.store.js';
import {
  claimIdentity,
  hadTrial,
  mailIdentity,
  phoneIdentity,
  releaseClaims,
  telegramIdentity,
} from './trial.store.js';

/** Once per identity, ever (U-02): a mailbox, phone or Telegram account that has had its trial gives no second one to another account. */
@Controller()
export class TrialService {
  @HandleEvent(EmailBound)
  async meetMailbox(payload: PayloadOf<typeof EmailBound>, context: EventContext): Promise<void> {
    await this.meet(context, payload.user_id, mailIdentity(payload.identity_hash), 'mailbox');
  }

  /** The same mailbox under the hash that its other spellings have now; the older one stays known. */
  @HandleEvent(CanonicalAddressRenewed)
  async meetMailboxAgain(payload: PayloadOf<typeof CanonicalAddressRenewed>, context: EventContext): Promise<void> {
    await this.meet(context, payload.user_id, mailIdentity(payload.identity_hash), 'mailbox');
  }

  /** A number that was taken off again stays known, as a mailbox does: else it could be lent to one account after the other (U-10). */
  @HandleEvent(PhoneBound)
  async meetPhone(payload: PayloadOf<typeof PhoneBound>, context: EventContext): Promise<void> {
    await this.meet(context, payload.user_id, phoneIdentity(payload.identity_hash), 'phone');
  }

  /** Whoever deletes the account and comes back has another id, but the same Telegram account. */
  @HandleEvent(UserCreated)
  async meetAccount(payload: PayloadOf<typeof UserCreated>, context: EventContext): Promise<void> {
    if (payload.identity_hash === undefined) return;
    await this.meet(context, payload.user_id, telegramIdentity(payload.identity_hash), 'Telegram account');
  }

  /** Learns one more thing the member is known by; a trial that it has given to another account is not given twice. */
  private async meet(context: EventContext, userId: number, identity: string, what: string): Promise<void> {
    const { tx, now } = context;
    // What comes after an erasure makes nobody known again (U-15).
    if (await isErased(tx, userId)) return;
    const current = await lockMembership(tx, userId);
    const row = { identity, user_id: userId, known_since: sqlTime(now) };
    await tx.upsert('member_identities', row, { conflict: ['identity', 'user_id'] });
    if (!(await hadTrial(tx, userId)) || (await claimIdentity(tx, identity, userId, now))) return;
    if (!current || current.kind !== 'trial' || isOver(current, now)) return;
    const ended = { ...current, expiresAt: now };
    const history = { period: ended, reason: 'withdrawn', inviteCodeId: null } as const;
    const changedAt = await saveMembership(tx, userId, ended, history, now);
    context.emit(
      MembershipWithdrawn,
      {
        user_id: userId,
        ended_at: now.toISOString(),
        plan: current.plan,
        started_at: current.startedAt.toISOString(),
        changed_at: changedAt.toISOString(),
      },
      {
        user_id: userId,
        before: { state: 'trial', expires_at: current.expiresAt?.toISOString() ?? null },
        after: {
          state: 'expired',
          expires_at: now.toISOString(),
          why: `the ${what} had its trial with another account`,
        },
      },
    );
  }

  @HandleCommand(ResetTrial)
  async reset(input: HandledInputOf<typeof ResetTrial>, context: CommandContext): Promise<OutputOf<typeof ResetTrial>> {
    requirePermission(context.call, 'trial.reset');
    await lockMembership(context.tx, input.user_id);
    const before = { had_trial: await hadTrial(context.tx, input.user_id) };
    await releaseClaims(context.tx, input.user_id);
    const { user_id, reason } = input;
    context.emit(TrialReset, { user_id, reason }, { user_id, before, after: { had_trial: false, reason } });
    return { reset: true };
  }
}
