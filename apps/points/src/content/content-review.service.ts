import { Controller } from '@nestjs/common';
import {
  AppError,
  ContentApproved,
  ContentRejected,
  DecideContent,
  ListSubmittedContents,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { sqlTime } from '#database';
import { HandleCommand, HandleQuery, requirePermission, type CommandContext, type QueryContext } from '#messaging';
import { LedgerService } from '../ledger/ledger.service.js';
import { ContentMetrics } from './content.metrics.js';
import { factOf, lockContent, pageOfContents, viewOf, type ContentRow } from './content.store.js';

type Decision = HandledInputOf<typeof DecideContent>;

/** Admins look at what members have handed in (P-05). */
@Controller()
export class ContentReviewService {
  constructor(
    private readonly ledger: LedgerService,
    private readonly metrics: ContentMetrics,
  ) {}

  @HandleQuery(ListSubmittedContents)
  async list(
    input: HandledInputOf<typeof ListSubmittedContents>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListSubmittedContents>> {
    requirePermission(call, 'content.read');
    const where = `status = ?${input.user_id ? ' AND user_id = ?' : ''}`;
    const values = input.user_id ? [input.status, input.user_id] : [input.status];
    return pageOfContents(reader, { where, values, order: input.status === 'pending' ? 'id' : 'id DESC' }, input);
  }

  /** The same decision again changes nothing; another one is refused. */
  @HandleCommand(DecideContent)
  async decide(decision: Decision, context: CommandContext): Promise<OutputOf<typeof DecideContent>> {
    const { tx, call } = context;
    requirePermission(call, 'content.decide');
    const { approved, points, reason } = decision;
    if (approved && points === null) throw invalid('points');
    if (!approved && reason === null) throw invalid('reason');
    const content = await lockContent(tx, decision.id);
    if (isSame(content, decision)) return viewOf(content);
    if (content.status !== 'pending') throw new AppError('content.decided_already', { status: content.status });
    if (call.actor.kind === 'user' && call.actor.user_id === content.user_id) throw new AppError('content.own');
    return approved && points !== null
      ? this.approve(context, content, points)
      : this.reject(context, content, reason ?? '');
  }

  private async approve(
    context: CommandContext,
    content: ContentRow,
    points: number,
  ): Promise<OutputOf<typeof DecideContent>> {
    const after: ContentRow = { ...content, status: 'approved', points, decided_at: sqlTime(context.now) };
    await this.write(context, after);
    const account = await this.ledger.lockAccount(context, content.user_id);
    const { balance } = await this.ledger.post(context, account, [
      { type: 'content', points, description: content.title, key: `content:${content.id}` },
    ]);
    context.emit(
      ContentApproved,
      { ...factOf(content), points, balance },
      {
        user_id: content.user_id,
        before: { status: 'pending', balance: account.balance },
        after: { content_id: content.id, status: 'approved', points, balance },
      },
    );
    this.metrics.became(context.tx, 'approved');
    return viewOf(after);
  }

  private async reject(
    context: CommandContext,
    content: ContentRow,
    reason: string,
  ): Promise<OutputOf<typeof DecideContent>> {
    const after: ContentRow = {
      ...content,
      status: 'rejected',
      reason,
      decided_at: sqlTime(context.now),
      duplicate_key: `${content.duplicate_key}:${content.id}`,
    };
    await this.write(context, after);
    context.emit(
      ContentRejected,
      { ...factOf(content), reason },
      {
        user_id: content.user_id,
        before: { status: 'pending' },
        after: { content_id: content.id, status: 'rejected', reason },
      },
    );
    this.metrics.became(context.tx, 'rejected');
    return viewOf(after);
  }

  private async write({ tx, call }: CommandContext, after: ContentRow): Promise<void> {
    const decidedBy = call.actor.kind === 'user' ? call.actor.user_id : null;
    await tx.execute(
      `UPDATE contents SET status = ?, points = ?, reason = ?, decided_by = ?, decided_at = ?, duplicate_key = ?
       WHERE id = ?`,
      [after.status, after.points, after.reason, decidedBy, after.decided_at, after.duplicate_key, after.id],
    );
  }
}

function isSame(content: ContentRow, { approved, points, reason }: Decision): boolean {
  if (approved) return content.status === 'approved' && content.points === points;
  return content.status === 'rejected' && content.reason === reason;
}

function invalid(path: 'points' | 'reason'): AppError {
  return new AppError('content.invalid', { problems: [{ path, problem: 'missing' }] });
}
