import { Controller } from '@nestjs/common';
import { AppError, BusinessEventReported, ReportBusinessEvent, type HandledInputOf, type OutputOf } from '#contracts';
import { isDuplicateKey, isoTime, sqlTime, type SqlTime, type Tx } from '#database';
import { HandleCommand, requirePermission, type CommandContext } from '#messaging';

interface ReportedRow {
  user_id: number;
  amount: number;
  reported_at: SqlTime;
}

/** Takes what other systems report about members, each reference once (P-06). */
@Controller()
export class BusinessEventService {
  /** A repeat gets the first answer; the same reference with other facts is refused. */
  @HandleCommand(ReportBusinessEvent)
  async report(
    input: HandledInputOf<typeof ReportBusinessEvent>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ReportBusinessEvent>> {
    const { tx, now, call } = context;
    requirePermission(call, 'business_event.report');
    const { kind, reference, user_id, amount } = input;
    const known = (await findReported(tx, input)) ?? (await insertReported(tx, input, sqlTime(now)));
    if (known) {
      if (known.user_id !== user_id || known.amount !== amount) throw new AppError('rule.event_reported_differently');
      return { kind, reference, reported_at: isoTime(known.reported_at) };
    }
    const payload = { kind, reference, user_id, amount };
    context.emit(BusinessEventReported, payload, { user_id, after: { kind, reference, amount } });
    return { kind, reference, reported_at: now.toISOString() };
  }
}

type Reported = HandledInputOf<typeof ReportBusinessEvent>;

function findReported(tx: Tx, { kind, reference }: Reported): Promise<ReportedRow | undefined> {
  return tx.one<ReportedRow>(
    'SELECT user_id, amount, reported_at FROM business_events WHERE kind = ? AND reference = ?',
    [kind, reference],
  );
}

/** The primary key is the rule: whoever comes second at the same moment is shown what the first one reported. */
async function insertReported(tx: Tx, reported: Reported, reportedAt: SqlTime): Promise<ReportedRow | undefined> {
  const { kind, reference, user_id, amount } = reported;
  try {
    await tx.insert('business_events', { kind, reference, user_id, amount, reported_at: reportedAt });
    return undefined;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return findReported(tx, reported);
  }
}
