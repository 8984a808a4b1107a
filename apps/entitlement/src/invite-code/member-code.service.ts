import { Controller } from '@nestjs/common';
import { AppError, CreateMemberCode, ListMemberCodes, type HandledInputOf, type OutputOf } from '#contracts';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { InjectSettings } from '#service';
import type { EntitlementSettings } from '../entitlement.env.js';
import { lockMembership } from '../membership/membership.store.js';
import { findPlan } from '../plan/plan.service.js';
import { InviteCodeIssuer } from './invite-code.issuer.js';
import { unusedMemberCodesAtMost } from './invite-code.rules.js';
import { pageOfCodes } from './invite-code.store.js';

/** A member's own invite codes (U-05). */
@Controller()
export class MemberCodeService {
  constructor(
    private readonly issuer: InviteCodeIssuer,
    @InjectSettings() private readonly settings: EntitlementSettings,
  ) {}

  @HandleCommand(CreateMemberCode)
  async create(
    _input: HandledInputOf<typeof CreateMemberCode>,
    context: CommandContext,
  ): Promise<OutputOf<typeof CreateMemberCode>> {
    const userId = requireUser(context.call);
    const current = await lockMembership(context.tx, userId);
    if (!current) throw new AppError('membership.registration_required');
    const row = await context.tx.one<{ unused: number | string }>(
      'SELECT COUNT(*) AS unused FROM invite_codes WHERE owner_user_id = ? AND uses = 0 AND enabled = 1',
      [userId],
    );
    if (Number(row?.unused ?? 0) >= unusedMemberCodesAtMost) {
      throw new AppError('invite_code.too_many_unused', { limit: unusedMemberCodesAtMost });
    }
    const plan = await findPlan(context.tx, this.settings.MEMBER_CODE_PLAN);
    return this.issuer.issueRandom(context, {
      kind: 'member',
      plan: plan.code,
      days: plan.days,
      maxUses: 1,
      validFrom: null,
      validUntil: null,
      ownerUserId: userId,
      batch: null,
    });
  }

  @HandleQuery(ListMemberCodes)
  async list(
    input: HandledInputOf<typeof ListMemberCodes>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListMemberCodes>> {
    return pageOfCodes(reader, 'owner_user_id = ?', [requireUser(call)], input);
  }
}
