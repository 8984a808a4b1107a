import { randomUUID } from 'node:crypto';
import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import {
  AppError,
  DecideStepUp,
  GetPendingStepUp,
  GetStepUp,
  StartStepUp,
  StepUpDecided,
  StepUpRequested,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { fromSqlTime, isoTime, sqlTime } from '#database';
import { HandleCommand, HandleQuery, Refusal, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { Metrics } from '#service';
import { ConsoleStepUpService } from '../console/console-step-up.service.js';
import { findUser, lockUser } from '../identity/user.store.js';
import { sessionOf } from './session-list.service.js';
import { endSession, findSession, isOpen, lockSession, type SessionRow } from './session.store.js';
import { findStepUp, forgetOldStepUps, lockStepUp, pendingStepUps } from './step-up.store.js';
import { TokenIssuer } from './token.issuer.js';

/** So long a confirmation waits, and so long a given one counts. */
const stepUpMs = 5 * 60_000;
const waitingAtMost = 3;

type StepUp = OutputOf<typeof StartStepUp>;

/** Fresh confirmations for dangerous actions (U-13): asked for over REST, given in the bot by one tap. */
@Controller()
export class StepUpService {
  private readonly outcomes: Counter<'outcome'>;

  constructor(
    private readonly tokens: TokenIssuer,
    private readonly credentials: ConsoleStepUpService,
    metrics: Metrics,
  ) {
    this.outcomes = metrics.counter('coser_step_ups_total', 'Fresh confirmations for dangerous actions, by outcome', [
      'outcome',
    ]);
  }

  @HandleCommand(StartStepUp)
  async start(input: HandledInputOf<typeof StartStepUp>, context: CommandContext): Promise<StepUp | Refusal> {
    const { tx, now, call } = context;
    const user = await lockUser(tx, requireUser(call));
    const session = await findSession(tx, sessionOf(call) ?? '');
    if (!isOpen(session, now) || session.user_id !== user.id) throw new AppError('auth.session_required');
    await forgetOldStepUps(tx, user.id, now);
    if (input.code === undefined && input.password_proof === undefined) return this.ask(context, session);
    const checked = await this.credentials.check(context, user.id, input);
    if (checked instanceof Refusal) return checked;
    const { id, expiresAt } = await this.write(context, session, 'confirmed');
    this.tell(context, { userId: user.id, id, status: 'confirmed', by: checked });
    return {
      id,
      status: 'confirmed',
      expires_at: expiresAt.toISOString(),
      access_token: this.tokens.accessToken(user, session.id, now, expiresAt),
    };
  }

  @HandleQuery(GetStepUp)
  async get(input: HandledInputOf<typeof GetStepUp>, { reader, now, call }: QueryContext): Promise<StepUp> {
    const userId = requireUser(call);
    const [row, user] = [await findStepUp(reader, input.id), await findUser(reader, userId)];
    const session = await findSession(reader, sessionOf(call) ?? '');
    if (!isOpen(session, now)) throw new AppError('auth.session_required');
    if (!row || !user || row.user_id !== userId || row.session_id !== session.id)
      throw new AppError('auth.step_up_not_found');
    const expiresAt = fromSqlTime(row.expires_at);
    const isOver = expiresAt <= now;
    const isConfirmed = row.status === 'confirmed' && !isOver;
    return {
      id: row.id,
      status: isOver && row.status !== 'refused' ? 'expired' : row.status,
      expires_at: isoTime(row.expires_at),
      access_token: isConfirmed ? this.tokens.accessToken(user, session.id, now, expiresAt) : null,
    };
  }

  @HandleQuery(GetPendingStepUp)
  async pending(
    _input: HandledInputOf<typeof GetPendingStepUp>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof GetPendingStepUp>> {
    const [newest] = await pendingStepUps(reader, requireUser(call), now);
    const session = newest && (await findSession(reader, newest.session_id));
    if (!newest || !session) return { pending: null };
    const { device, ip } = session;
    return { pending: { id: newest.id, device, ip, expires_at: isoTime(newest.expires_at) } };
  }

  /** Only in the bot: there Telegram says who taps, whatever became of the session that asks. */
  @HandleCommand(DecideStepUp)
  async decide(
    input: HandledInputOf<typeof DecideStepUp>,
    context: CommandContext,
  ): Promise<OutputOf<typeof DecideStepUp>> {
    const { tx, now, call } = context;
    if (call.channel !== 'bot') throw new AppError('auth.forbidden');
    const userId = requireUser(call);
    const row = await lockStepUp(tx, input.id);
    if (!row || row.user_id !== userId || row.status !== 'pending' || fromSqlTime(row.expires_at) <= now)
      throw new AppError('auth.step_up_not_found');
    const status = input.confirm ? 'confirmed' : 'refused';
    await tx.execute('UPDATE step_ups SET status = ?, expires_at = ? WHERE id = ?', [
      status,
      sqlTime(new Date(now.getTime() + stepUpMs)),
      row.id,
    ]);
    const session = input.confirm ? undefined : await lockSession(tx, row.session_id);
    if (session) await endSession(context, session, 'revoked');
    this.tell(context, { userId, id: row.id, status, by: 'bot' });
    return { status };
  }

  private async ask(context: CommandContext, session: SessionRow): Promise<StepUp> {
    const { tx, now } = context;
    const { user_id } = session;
    const waiting = await pendingStepUps(tx, user_id, now);
    const oldest = waiting.at(-1);
    if (oldest && waiting.length >= waitingAtMost) {
      const leftMs = fromSqlTime(oldest.expires_at).getTime() - now.getTime();
      throw new AppError('auth.step_up_crowded', { retry_after_seconds: Math.ceil(leftMs / 1000) });
    }
    const { id, expiresAt } = await this.write(context, session, 'pending');
    const { device, ip } = session;
    const expires_at = expiresAt.toISOString();
    context.emit(
      StepUpRequested,
      { user_id, step_up_id: id, device, ip, expires_at },
      { user_id, after: { step_up_id: id, status: 'pending' } },
    );
    tx.afterCommit(() => this.outcomes.inc({ outcome: 'asked' }));
    return { id, status: 'pending', expires_at, access_token: null };
  }

  private async write(
    { tx, now }: CommandContext,
    session: SessionRow,
    status: 'pending' | 'confirmed',
  ): Promise<{ id: string; expiresAt: Date }> {
    const id = randomUUID();
    const expiresAt = new Date(now.getTime() + stepUpMs);
    await tx.insert('step_ups', {
      id,
      user_id: session.user_id,
      session_id: session.id,
      status,
      created_at: sqlTime(now),
      expires_at: sqlTime(expiresAt),
    });
    return { id, expiresAt };
  }

  private tell(
    context: CommandContext,
    decided: { userId: number; id: string; status: 'confirmed' | 'refused'; by: 'bot' | 'password' | 'authenticator' },
  ): void {
    const { userId: user_id, id: step_up_id, status, by } = decided;
    context.tx.afterCommit(() => this.outcomes.inc({ outcome: status }));
    context.emit(
      StepUpDecided,
      { user_id, step_up_id, status, by },
      { user_id, before: { step_up_id, status: 'pending' }, after: { step_up_id, status, by } },
    );
  }
}
