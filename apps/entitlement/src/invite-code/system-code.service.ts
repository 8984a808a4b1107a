import { Controller } from '@nestjs/common';
import {
  AppError,
  ChangeSystemCode,
  CreateSystemCodes,
  InviteCodeChanged,
  ListSystemCodes,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { fromSqlTimeOrNull, sqlTimeOrNull } from '#database';
import {
  HandleCommand,
  HandleQuery,
  requirePermission,
  requireStepUp,
  type CommandContext,
  type QueryContext,
} from '#messaging';
import { customPlan, trialDays, trialPlan } from '../membership/membership.rules.js';
import { findPlan } from '../plan/plan.service.js';
import { InviteCodeIssuer, type WantedCode } from './invite-code.issuer.js';
import { normaliseCode } from './invite-code.rules.js';
import { lockInviteCodeRow, pageOfCodes, viewOf, type InviteCodeView } from './invite-code.store.js';

type Wish = HandledInputOf<typeof CreateSystemCodes>;

/** The system's codes (U-05): batches, windows, numbers of uses, on and off. For admins. */
@Controller()
export class SystemCodeService {
  constructor(private readonly issuer: InviteCodeIssuer) {}

  @HandleCommand(CreateSystemCodes)
  async create(input: Wish, context: CommandContext): Promise<OutputOf<typeof CreateSystemCodes>> {
    requirePermission(context.call, 'invite_code.manage');
    const wanted = await this.wantedOf(input, context);
    // As giving one takes it (B-04): a code is the same gift, to whoever types it.
    if (wanted.days === null) requireStepUp(context.call);
    if (input.code !== undefined) {
      if (input.count !== 1) throw AppError.invalid([{ path: ['count'], code: 'single_code_only' }]);
      return { items: [await this.issuer.issueNamed(context, normaliseCode(input.code), wanted)] };
    }
    const items: InviteCodeView[] = [];
    for (let made = 0; made < input.count; made += 1) items.push(await this.issuer.issueRandom(context, wanted));
    return { items };
  }

  @HandleCommand(ChangeSystemCode)
  async change(
    input: HandledInputOf<typeof ChangeSystemCode>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ChangeSystemCode>> {
    requirePermission(context.call, 'invite_code.manage');
    const before = await lockInviteCodeRow(context.tx, input.id);
    if (!before || before.owner_user_id !== null) throw new AppError('invite_code.unknown');
    const opens = input.enabled === true || input.max_uses !== undefined || input.valid_until !== undefined;
    if (before.days === null && opens) requireStepUp(context.call);
    const validUntil = input.valid_until === undefined ? undefined : dateOrNull(input.valid_until);
    if (validUntil) refuseEmptyWindow(fromSqlTimeOrNull(before.valid_from), validUntil);
    const after = {
      ...before,
      enabled: input.enabled === undefined ? before.enabled : Number(input.enabled),
      max_uses: input.max_uses === undefined ? before.max_uses : input.max_uses,
      valid_until: validUntil === undefined ? before.valid_until : sqlTimeOrNull(validUntil),
    };
    await context.tx.execute('UPDATE invite_codes SET enabled = ?, max_uses = ?, valid_until = ? WHERE id = ?', [
      after.enabled,
      after.max_uses,
      after.valid_until,
      input.id,
    ]);
    const payload = { invite_code_id: input.id, enabled: after.enabled === 1, max_uses: after.max_uses };
    context.emit(InviteCodeChanged, payload, {
      before: { ...viewOf(before), code: undefined },
      after: { ...viewOf(after), code: undefined },
    });
    return viewOf(after);
  }

  @HandleQuery(ListSystemCodes)
  async list(
    input: HandledInputOf<typeof ListSystemCodes>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListSystemCodes>> {
    requirePermission(call, 'invite_code.manage');
    const conditions = [
      { sql: 'owner_user_id IS NULL', values: [] },
      ...(input.kind ? [{ sql: 'kind = ?', values: [input.kind] }] : []),
      ...(input.batch ? [{ sql: 'batch = ?', values: [input.batch] }] : []),
    ];
    const where = conditions.map(({ sql }) => sql).join(' AND ');
    return pageOfCodes(
      reader,
      where,
      conditions.flatMap(({ values }) => values),
      input,
    );
  }

  /** A trial has its seven days (or custom ones); a formal code a plan of the catalogue or custom days. */
  private async wantedOf(input: Wish, { tx }: CommandContext): Promise<WantedCode> {
    const [validFrom, validUntil] = [dateOrNull(input.valid_from), dateOrNull(input.valid_until)];
    refuseEmptyWindow(validFrom, validUntil);
    const both = {
      kind: input.kind,
      maxUses: input.max_uses,
      validFrom,
      validUntil,
      ownerUserId: null,
      batch: input.batch,
    };
    if (input.kind === 'system_trial') {
      if (input.plan !== undefined) throw AppError.invalid([{ path: ['plan'], code: 'formal_codes_only' }]);
      return { ...both, plan: trialPlan, days: input.days ?? trialDays };
    }
    if ((input.plan === undefined) === (input.days === undefined)) {
      throw AppError.invalid([{ path: ['plan'], code: 'plan_or_days' }]);
    }
    if (input.days !== undefined) return { ...both, plan: customPlan(input.days), days: input.days };
    const plan = await findPlan(tx, input.plan ?? '');
    return { ...both, plan: plan.code, days: plan.days };
  }
}

/** A window in which no moment lies would make codes that nobody can use. */
function refuseEmptyWindow(from: Date | null, until: Date | null): void {
  if (from !== null && until !== null && until <= from) {
    throw AppError.invalid([{ path: ['valid_until'], code: 'not_after_valid_from' }]);
  }
}

function dateOrNull(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}
