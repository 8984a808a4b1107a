import { Controller } from '@nestjs/common';
import {
  AppError,
  EmailVerificationRefused,
  ReceiveVerificationMail,
  VerificationMailDiscarded,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { fromSqlTime } from '#database';
import { HandleCommand, type CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import { userStatuses } from '../identity/profile.rules.js';
import type { UserSettings } from '../user.env.js';
import { canonicalAddress, maskAddress } from './email-address.rules.js';
import { EmailBindingService } from './email-binding.service.js';
import { addresseeOf, isWaiting, matchMail, type StoredVerificationStatus } from './mail-match.rules.js';
import { MailMemoryService, type InspectedMailInput } from './mail-memory.service.js';
import {
  tryScopes,
  wrongTriesPerWindow,
  type VerificationOutcome,
  type VerificationRefusal,
} from './verification-limits.rules.js';
import { deriveCodeKey } from './verification-secret.rules.js';
import { VerificationMetrics } from './verification.metrics.js';
import {
  lockWithMember,
  readCodesOf,
  type CodeOfAddress,
  type MemberRow,
  type VerificationRow,
} from './verification.store.js';
import { WrongTriesService } from './wrong-tries.service.js';

interface Result {
  outcome: VerificationOutcome;
  user_id: number | null;
}

/** Step two of reverse verification (U-07, U-08): a mail arrived. Its effect and the cursor are one transaction. */
@Controller()
export class VerificationMailService {
  private readonly codeKey: Buffer;

  constructor(
    private readonly memory: MailMemoryService,
    private readonly binding: EmailBindingService,
    private readonly wrongTries: WrongTriesService,
    private readonly metrics: VerificationMetrics,
    @InjectSettings() settings: UserSettings,
  ) {
    this.codeKey = deriveCodeKey(settings.AUTH_SECRET);
  }

  @HandleCommand(ReceiveVerificationMail)
  async receive(
    { mail, cursor }: HandledInputOf<typeof ReceiveVerificationMail>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ReceiveVerificationMail>> {
    if (context.call.actor.kind !== 'system') throw new AppError('auth.forbidden');
    await this.memory.advance(context.tx, cursor, context.now);
    const result = (await this.memory.isFirst(context, mail))
      ? await this.judge(mail, context)
      : this.discard(context, mail, 'replay', 'replay');
    this.metrics.count(context.tx, result.outcome);
    return result;
  }

  private async judge(mail: InspectedMailInput, context: CommandContext): Promise<Result> {
    if (mail.decision === 'ignore' || mail.from_address === null) return this.discard(context, mail, mail.reason);
    const { tx, now } = context;
    const mailed = { key: this.codeKey, codes: mail.codes, now };
    const codes = await readCodesOf(tx, canonicalAddress(mail.from_address), mailed);
    if (mail.decision === 'refuse') return this.refuse(mail, addresseeOf(codes, now), context);
    const match = matchMail(codes, now);
    switch (match.kind) {
      case 'bind':
      case 'wrong':
        return this.settle(mail, match.kind, match.code, context);
      case 'late':
        return this.tellLate(mail, match, context);
      case 'used':
        return this.discard(context, mail, 'code_used');
      case 'none':
        return this.discard(context, mail, 'no_verification');
    }
  }

  /** Not believed: never binds; its addressee is told once, or each time when the mail shows that it knows the code. */
  private async refuse(
    mail: InspectedMailInput,
    addressee: CodeOfAddress | null,
    context: CommandContext,
  ): Promise<Result> {
    const reason = (mail.reason ?? 'unauthenticated') as VerificationRefusal;
    const locked = addressee ? await lockWithMember(context.tx, addressee.row) : null;
    if (!addressee || !locked || !waits(locked.row, context)) return this.discard(context, mail, reason);
    if (locked.row.refusal !== null && !addressee.hit) return this.discard(context, mail, reason);
    await this.tell(context, locked.row, mail, { refusal: reason });
    return { outcome: 'refused', user_id: locked.member.id };
  }

  /** A proven mail for somebody who waits: lock first, then read again, then decide. */
  private async settle(
    mail: InspectedMailInput,
    kind: 'bind' | 'wrong',
    code: CodeOfAddress,
    context: CommandContext,
  ): Promise<Result> {
    const { tx, now } = context;
    const locked = await lockWithMember(tx, code.row);
    if (locked?.member.status !== userStatuses.active) return this.discard(context, mail, 'member_not_active');
    const { member, row } = locked;
    if (!waits(row, context)) return this.tellLate(mail, { code, reason: 'replaced' }, context);
    const scopes = tryScopes(member.id, row.email_canonical);
    if ((await this.wrongTries.lockedForSeconds(tx, scopes, now)) !== null) {
      await this.tell(context, row, mail, { refusal: 'locked_out' });
      return { outcome: 'locked_out', user_id: member.id };
    }
    return kind === 'bind' ? this.bind(mail, member, row, context) : this.countWrong(mail, member, row, context);
  }

  private async bind(
    mail: InspectedMailInput,
    member: MemberRow,
    row: VerificationRow,
    context: CommandContext,
  ): Promise<Result> {
    const proof = { evidence: evidenceOf(mail), grade: mail.grade };
    const outcome = await this.binding.bind(context, member, row, proof);
    if (outcome !== 'bound') await this.tell(context, row, mail, { refusal: outcome, status: 'refused' });
    return { outcome, user_id: member.id };
  }

  private async countWrong(
    mail: InspectedMailInput,
    member: MemberRow,
    row: VerificationRow,
    context: CommandContext,
  ): Promise<Result> {
    const scopes = tryScopes(member.id, row.email_canonical);
    await this.wrongTries.count(context, scopes);
    const [ownScope] = scopes;
    const locked = await this.wrongTries.lockedForSeconds(context.tx, ownScope ? [ownScope] : [], context.now);
    const tries = row.wrong_tries + 1;
    const over = locked !== null || tries >= wrongTriesPerWindow.user;
    const change = over
      ? ({ refusal: 'locked_out', status: 'refused', tries } as const)
      : ({ refusal: 'wrong_code', tries } as const);
    await this.tell(context, row, mail, change);
    return { outcome: over ? 'locked_out' : 'wrong_code', user_id: member.id };
  }

  /** The right code, but not any more: not a wrong try, and the member learns why nothing happened. */
  private async tellLate(
    mail: InspectedMailInput,
    { code, reason }: { code: CodeOfAddress; reason: 'expired' | 'replaced' },
    context: CommandContext,
  ): Promise<Result> {
    const locked = await lockWithMember(context.tx, code.row);
    if (!locked || locked.row.status === 'bound') return this.discard(context, mail, 'code_used');
    const { member, row } = locked;
    const status = reason === 'expired' && row.status === 'pending' ? 'expired' : row.status;
    await this.tell(context, row, mail, { refusal: reason, status });
    return { outcome: 'late_code', user_id: member.id };
  }

  private async tell(
    context: CommandContext,
    row: VerificationRow,
    mail: InspectedMailInput,
    change: { refusal: VerificationRefusal; status?: StoredVerificationStatus; tries?: number },
  ): Promise<void> {
    const { refusal, status = row.status, tries = row.wrong_tries } = change;
    await context.tx.execute(
      'UPDATE email_verifications SET refusal = ?, status = ?, wrong_tries = ?, evidence = ? WHERE id = ?',
      [refusal, status, tries, evidenceOf(mail), row.id],
    );
    const email = maskAddress(row.email);
    context.emit(
      EmailVerificationRefused,
      { user_id: row.user_id, verification_id: row.id, email, reason: refusal },
      {
        user_id: row.user_id,
        before: { email, status: row.status, refusal: row.refusal, wrong_tries: row.wrong_tries },
        after: { email, status, refusal, wrong_tries: tries },
      },
    );
  }

  private discard(
    context: CommandContext,
    mail: InspectedMailInput,
    reason: string | null,
    outcome: VerificationOutcome = 'discarded',
  ): Result {
    const from = mail.from_address === null ? null : maskAddress(mail.from_address);
    context.emit(VerificationMailDiscarded, { reason: reason ?? 'broken', from }, { after: { reason, from } });
    return { outcome, user_id: null };
  }
}

function waits(row: VerificationRow, { now }: CommandContext): boolean {
  return isWaiting({ status: row.status, expiresAt: fromSqlTime(row.expires_at) }, now);
}

/** What the decision rested on, kept with the row as its proof. */
function evidenceOf(mail: InspectedMailInput): string {
  const { decision, reason, grade, evidence } = mail;
  return JSON.stringify({ decision, reason, grade, ...evidence });
}
