import { Controller } from '@nestjs/common';
import {
  AppError,
  ChangeBroadcast,
  ConfirmBroadcast,
  CreateBroadcast,
  SteerBroadcast,
  type Broadcast,
  type BroadcastStatus,
  type BroadcastTexts,
  type HandledInputOf,
  type Locale,
} from '#contracts';
import { fromSqlTimeOrNull, sqlTime, sqlTimeOrNull } from '#database';
import { HandleCommand, requirePermission, requireStepUp, requireUser, type CommandContext } from '#messaging';
import { measureAudience } from './audience.store.js';
import { beginning, expiryOfBroadcast, isAboutTheSame, isForEverybody, steer, textProblem } from './broadcast.rules.js';
import { describeBroadcast, digestOf, lockBroadcast, segmentOf, textsOf } from './broadcast.store.js';
import { BroadcastWriter } from './broadcast.writer.js';

const draftsAtMost = 50;
const runningAtMost = 10;

/** Messages to many (B-04, N-10): drafted, confirmed, steered. */
@Controller()
export class BroadcastService {
  constructor(private readonly writer: BroadcastWriter) {}

  @HandleCommand(CreateBroadcast)
  async create(input: HandledInputOf<typeof CreateBroadcast>, context: CommandContext): Promise<Broadcast> {
    requirePermission(context.call, 'broadcast.write');
    const { tx, now, call } = context;
    refuseBadTexts(input.texts, input.fallback);
    const drafts = await tx.count("broadcasts WHERE status = 'draft'");
    if (drafts >= draftsAtMost) throw new AppError('broadcast.too_many_drafts', { limit: draftsAtMost });
    const { insertId } = await tx.insert('broadcasts', {
      title: input.title,
      texts: JSON.stringify(input.texts),
      fallback: input.fallback,
      segment: JSON.stringify(input.segment),
      status: 'draft',
      starts_at: sqlTimeOrNull(input.starts_at),
      skip_after_minutes: input.skip_after_minutes,
      expires_at: null,
      recipients: null,
      gone_through: 0,
      written: 0,
      left_out: 0,
      all_written: 0,
      created_by: requireUser(call),
      request_id: call.request_id,
      created_at: sqlTime(now),
    });
    const row = await lockBroadcast(tx, insertId);
    this.writer.tell(context, null, row);
    return describeBroadcast(context.tx, row);
  }

  @HandleCommand(ChangeBroadcast)
  async change(input: HandledInputOf<typeof ChangeBroadcast>, context: CommandContext): Promise<Broadcast> {
    requirePermission(context.call, 'broadcast.write');
    const { tx } = context;
    const row = await lockBroadcast(tx, input.id);
    if (row.status !== 'draft') throw wrongState(row.status);
    const texts = input.texts ?? textsOf(row);
    const fallback = input.fallback === undefined ? row.fallback : input.fallback;
    refuseBadTexts(texts, fallback);
    await tx.execute(
      'UPDATE broadcasts SET title = ?, texts = ?, fallback = ?, segment = ?, starts_at = ?, skip_after_minutes = ? WHERE id = ?',
      [
        input.title ?? row.title,
        JSON.stringify(texts),
        fallback,
        input.segment ? JSON.stringify(input.segment) : row.segment,
        input.starts_at === undefined ? row.starts_at : sqlTimeOrNull(input.starts_at),
        input.skip_after_minutes ?? row.skip_after_minutes,
        row.id,
      ],
    );
    const changed = await lockBroadcast(tx, row.id);
    this.writer.tell(context, row, changed);
    return describeBroadcast(context.tx, changed);
  }

  @HandleCommand(ConfirmBroadcast)
  async confirm(input: HandledInputOf<typeof ConfirmBroadcast>, context: CommandContext): Promise<Broadcast> {
    requirePermission(context.call, 'broadcast.send');
    const { tx, now } = context;
    const row = await lockBroadcast(tx, input.id);
    if (row.status !== 'draft') throw wrongState(row.status);
    if (input.digest !== digestOf(row)) throw new AppError('broadcast.changed_since');
    if (isForEverybody(segmentOf(row))) requireStepUp(context.call);
    const startsAt = fromSqlTimeOrNull(row.starts_at);
    const expiresAt = expiryOfBroadcast(startsAt, row.skip_after_minutes, now);
    if (expiresAt <= now) throw new AppError('broadcast.too_late');
    const running = await tx.count("broadcasts WHERE status IN ('scheduled', 'sending', 'paused')");
    if (running >= runningAtMost) throw new AppError('broadcast.too_many_running', { limit: runningAtMost });
    const { recipients } = await measureAudience(tx, row, now);
    if (recipients === 0) throw new AppError('broadcast.nobody');
    if (!isAboutTheSame(input.recipients, recipients)) {
      throw new AppError('broadcast.audience_changed', { expected: input.recipients, actual: recipients });
    }
    const status = beginning(startsAt, now);
    await tx.execute('UPDATE broadcasts SET status = ?, expires_at = ?, recipients = ? WHERE id = ?', [
      status,
      sqlTime(expiresAt),
      recipients,
      row.id,
    ]);
    const confirmed = await lockBroadcast(tx, row.id);
    this.writer.tell(context, row, confirmed);
    return describeBroadcast(context.tx, confirmed);
  }

  @HandleCommand(SteerBroadcast)
  async steer(input: HandledInputOf<typeof SteerBroadcast>, context: CommandContext): Promise<Broadcast> {
    requirePermission(context.call, 'broadcast.send');
    const row = await lockBroadcast(context.tx, input.id);
    const status = steer(row.status, input.action, fromSqlTimeOrNull(row.starts_at), context.now);
    if (status === null) throw wrongState(row.status);
    if (status === 'sending') await this.writer.cancelOutdated(context, row);
    return describeBroadcast(context.tx, await this.writer.moveTo(context, row, status));
  }
}

function refuseBadTexts(texts: BroadcastTexts, fallback: Locale | null): void {
  const problem = textProblem(texts, fallback);
  if (problem !== null) throw new AppError(problem);
}

function wrongState(status: BroadcastStatus): AppError {
  return new AppError('broadcast.wrong_state', { status });
}
