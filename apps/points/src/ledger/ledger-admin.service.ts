import { randomUUID } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { DebitHold, FreezePoints, ReleaseHold, ReverseRecord, type HandledInputOf, type OutputOf } from '#contracts';
import { isoTime } from '#database';
import { HandleCommand, requirePermission, type CommandContext } from '#messaging';
import { HoldService, type Hold } from './hold.service.js';
import { requireKnownMember } from './known-member.store.js';
import { LedgerService } from './ledger.service.js';
import { refuseOwn } from './second-admin.rules.js';

/** What admins may do with a member's account by hand (P-01). */
@Controller()
export class LedgerAdminService {
  constructor(
    private readonly ledger: LedgerService,
    private readonly holds: HoldService,
  ) {}

  @HandleCommand(FreezePoints)
  async freeze(
    input: HandledInputOf<typeof FreezePoints>,
    context: CommandContext,
  ): Promise<OutputOf<typeof FreezePoints>> {
    requirePermission(context.call, 'hold.manage');
    const account = await this.ledger.lockAccount(context, input.user_id);
    await requireKnownMember(context.tx, account);
    const { points, reason } = input;
    const wish = { points, reason, reference: `admin:${randomUUID()}` };
    return viewOf((await this.holds.freeze(context, account, wish)).hold);
  }

  @HandleCommand(ReleaseHold)
  async release(
    input: HandledInputOf<typeof ReleaseHold>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ReleaseHold>> {
    requirePermission(context.call, 'hold.manage');
    const { hold, account } = await this.holds.lockHold(context, input.hold_id);
    refuseOwn(context.call, account.userId);
    return viewOf((await this.holds.release(context, account, hold, input)).hold);
  }

  @HandleCommand(DebitHold)
  async debit(input: HandledInputOf<typeof DebitHold>, context: CommandContext): Promise<OutputOf<typeof DebitHold>> {
    requirePermission(context.call, 'hold.manage');
    const { hold, account } = await this.holds.lockHold(context, input.hold_id);
    const { points, reason } = input;
    // A hold can be debited in parts: what is left of it makes each part another fact.
    const key = `frozen_debit:${hold.id}:${hold.remaining}`;
    const posting = { type: 'frozen_debit', description: reason, key } as const;
    return viewOf((await this.holds.debit(context, account, hold, { points, reason, posting })).hold);
  }

  @HandleCommand(ReverseRecord)
  async reverse(
    input: HandledInputOf<typeof ReverseRecord>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ReverseRecord>> {
    requirePermission(context.call, 'ledger.reverse');
    const { record_id, reason } = input;
    const { id, points, description, balanceAfter } = await this.ledger.reverse(context, record_id, reason);
    const created_at = context.now.toISOString();
    return {
      id,
      points,
      type: 'reversal',
      description,
      balance_after: balanceAfter,
      reverses_id: record_id,
      created_at,
    };
  }
}

function viewOf({ userId, createdAt, updatedAt, ...same }: Hold): OutputOf<typeof FreezePoints> {
  return { ...same, user_id: userId, created_at: isoTime(createdAt), updated_at: isoTime(updatedAt) };
}
