import { Controller } from '@nestjs/common';
import { AppError, UndoEmailBinding, type HandledInputOf, type OutputOf } from '#contracts';
import { fromSqlTime } from '#database';
import { HandleCommand, type CommandContext } from '#messaging';
import { maskAddress } from './email-address.rules.js';
import { EmailBindingService } from './email-binding.service.js';
import { hashToken } from './verification-secret.rules.js';
import { VerificationMetrics } from './verification.metrics.js';
import { lockWithMember, type LockedVerification } from './verification.store.js';

/** The undo link of the reply mail (U-07): whoever reads the mailbox may take it back from the account it was bound to. */
@Controller()
export class VerificationUndoService {
  constructor(
    private readonly binding: EmailBindingService,
    private readonly metrics: VerificationMetrics,
  ) {}

  @HandleCommand(UndoEmailBinding)
  async undo(
    { token }: HandledInputOf<typeof UndoEmailBinding>,
    context: CommandContext,
  ): Promise<OutputOf<typeof UndoEmailBinding>> {
    const { tx, now } = context;
    const found = await tx.one<{ id: string; user_id: number }>(
      'SELECT id, user_id FROM email_verifications WHERE undo_token_hash = ?',
      [hashToken(token)],
    );
    if (!found) throw new AppError('verification.undo_not_possible');
    const locked = await lockWithMember(tx, found);
    if (!locked || !isUndoable(locked, now)) throw new AppError('verification.undo_not_possible');
    await this.binding.unbind(context, locked.member, locked.row);
    this.metrics.count(tx, 'undone');
    return { email: maskAddress(locked.row.email) };
  }
}

/** Within its time, not used yet, and the address still is the one that this verification bound. */
function isUndoable({ row, member }: LockedVerification, now: Date): boolean {
  return (
    row.status === 'bound' &&
    row.undo_expires_at !== null &&
    fromSqlTime(row.undo_expires_at) > now &&
    member.email_canonical === row.email_canonical &&
    member.email_bound_at === row.bound_at
  );
}
