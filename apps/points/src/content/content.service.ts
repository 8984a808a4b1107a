import { Controller } from '@nestjs/common';
import {
  AppError,
  ContentSubmitted,
  ContentWithdrawn,
  ListOwnContents,
  ListPublishedContents,
  SubmitContent,
  WithdrawContent,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isDuplicateKey, sqlTime, type Tx } from '#database';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { InjectSettings } from '#service';
import { communityDay } from '#calendar';
import type { PointsSettings } from '../points.env.js';
import { ContentMetrics } from './content.metrics.js';
import { fingerprintOf, submissionsPerDayAtMost, workProblems } from './content.rules.js';
import { factOf, lockContent, pageOfContents, viewOf } from './content.store.js';

/** What members hand in and take back (P-05). */
@Controller()
export class ContentService {
  constructor(
    private readonly metrics: ContentMetrics,
    @InjectSettings() private readonly settings: PointsSettings,
  ) {}

  @HandleCommand(SubmitContent)
  async submit(
    input: HandledInputOf<typeof SubmitContent>,
    context: CommandContext,
  ): Promise<OutputOf<typeof SubmitContent>> {
    const { tx, now, call } = context;
    const userId = requireUser(call);
    const problems = workProblems(input);
    if (problems.length > 0) throw new AppError('content.invalid', { problems });
    const submissions = await countSubmission(tx, userId, communityDay(now, this.settings.COMMUNITY_TIMEZONE));
    if (submissions > submissionsPerDayAtMost)
      throw new AppError('content.too_many_today', { limit: submissionsPerDayAtMost });
    const row = {
      user_id: userId,
      kind: input.kind,
      title: input.title,
      body: input.text ?? null,
      link: input.link ?? null,
      photo_file_id: input.photo_file_id ?? null,
      duplicate_key: fingerprintOf(input),
      status: 'pending' as const,
      points: null,
      reason: null,
      submitted_at: sqlTime(now),
      decided_at: null,
    };
    const id = await this.insert(tx, row);
    const content = { ...row, id };
    context.emit(ContentSubmitted, factOf(content), {
      user_id: userId,
      after: { ...factOf(content), status: 'pending' },
    });
    this.metrics.became(tx, 'submitted');
    return { content: viewOf(content), left_today: submissionsPerDayAtMost - submissions };
  }

  @HandleCommand(WithdrawContent)
  async withdraw(
    { id }: HandledInputOf<typeof WithdrawContent>,
    context: CommandContext,
  ): Promise<OutputOf<typeof WithdrawContent>> {
    const { tx, call } = context;
    const userId = requireUser(call);
    const content = await lockContent(tx, id);
    if (content.user_id !== userId) throw new AppError('content.not_found');
    if (content.status !== 'pending') throw new AppError('content.decided_already', { status: content.status });
    await tx.execute("UPDATE contents SET status = 'withdrawn', duplicate_key = ? WHERE id = ?", [
      `${content.duplicate_key}:${id}`,
      id,
    ]);
    const change = { user_id: userId, before: { status: 'pending' }, after: { content_id: id, status: 'withdrawn' } };
    context.emit(ContentWithdrawn, factOf(content), change);
    this.metrics.became(tx, 'withdrawn');
    return viewOf({ ...content, status: 'withdrawn' });
  }

  @HandleQuery(ListOwnContents)
  async own(
    input: HandledInputOf<typeof ListOwnContents>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListOwnContents>> {
    return pageOfContents(reader, { where: 'user_id = ?', values: [requireUser(call)], order: 'id DESC' }, input);
  }

  @HandleQuery(ListPublishedContents)
  async published(
    input: HandledInputOf<typeof ListPublishedContents>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListPublishedContents>> {
    requireUser(call);
    return pageOfContents(reader, { where: "status = 'approved'", values: [], order: 'id DESC' }, input);
  }

  /** The unique index is the rule; two that come at once are told the same. */
  private async insert(tx: Tx, row: Parameters<Tx['insert']>[1]): Promise<number> {
    try {
      return (await tx.insert('contents', row)).insertId;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      this.metrics.refusedDuplicate(tx);
      throw new AppError('content.duplicate');
    }
  }
}

/** Counts one more on this day under the row's lock, and says how many that makes. */
async function countSubmission(tx: Tx, userId: number, day: string): Promise<number> {
  await tx.upsert('content_days', { user_id: userId, day, submissions: 0 }, { conflict: ['user_id', 'day'] });
  await tx.execute('UPDATE content_days SET submissions = submissions + 1 WHERE user_id = ? AND day = ?', [
    userId,
    day,
  ]);
  const row = await tx.one<{ submissions: number }>(
    'SELECT submissions FROM content_days WHERE user_id = ? AND day = ?',
    [userId, day],
  );
  return row?.submissions ?? 0;
}
