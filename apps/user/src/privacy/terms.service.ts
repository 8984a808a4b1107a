import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { askedTerms } from '#config';
import {
  AcceptTerms,
  AppError,
  GetTermsAcceptance,
  RegistrationTermsAccepted,
  TermsAccepted,
  type HandledInputOf,
  type OutputOf,
  type PayloadOf,
} from '#contracts';
import { isoTime, isoTimeOrNull, sqlTime, type Reader, type SqlTime } from '#database';
import {
  HandleCommand,
  HandleEvent,
  HandleQuery,
  requireUser,
  type CommandContext,
  type EventContext,
  type QueryContext,
} from '#messaging';
import { InjectSettings, Metrics } from '#service';
import { lockUser } from '../identity/user.store.js';
import type { UserSettings } from '../user.env.js';

interface AcceptanceRow {
  version: string;
  accepted_at: SqlTime;
}

interface Acceptance {
  readonly userId: number;
  readonly version: string;
  readonly acceptedAt: Date;
}

/** Who has accepted which terms, and when (U-02, U-15). */
@Controller()
export class TermsService {
  private readonly acceptances: Counter<'channel'>;

  constructor(
    @InjectSettings() private readonly settings: UserSettings,
    metrics: Metrics,
  ) {
    const text = 'Acceptances of a version of the terms, by where it was given';
    this.acceptances = metrics.counter('coser_terms_acceptances_total', text, ['channel']);
  }

  @HandleCommand(AcceptTerms)
  async accept(
    input: HandledInputOf<typeof AcceptTerms>,
    context: CommandContext,
  ): Promise<OutputOf<typeof AcceptTerms>> {
    const { tx, now, call } = context;
    const { version } = askedTerms(this.settings);
    if (input.version !== version) throw new AppError('terms.version_outdated', { current_version: version });
    const { id: userId } = await lockUser(tx, requireUser(call));
    const known = await this.keep(context, { userId, version, acceptedAt: now });
    return { version, accepted_at: known === null ? now.toISOString() : isoTime(known) };
  }

  /** Whoever registered with a version has accepted it, be it known here under another setting or gone meanwhile. */
  @HandleEvent(RegistrationTermsAccepted)
  async registered(payload: PayloadOf<typeof RegistrationTermsAccepted>, context: EventContext): Promise<void> {
    const { user_id: userId, version, accepted_at } = payload;
    const { tx } = context;
    if (!(await tx.one(`SELECT id FROM users WHERE id = ?${tx.lock}`, [userId]))) return;
    await this.keep(context, { userId, version, acceptedAt: new Date(accepted_at) });
  }

  @HandleQuery(GetTermsAcceptance)
  async get(
    _input: HandledInputOf<typeof GetTermsAcceptance>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetTermsAcceptance>> {
    const { version, isRequired } = askedTerms(this.settings);
    const userId = requireUser(call);
    const row = (await acceptanceOf(reader, userId, version)) ?? (await latestAcceptance(reader, userId));
    return {
      current_version: version,
      required: isRequired,
      accepted_version: row?.version ?? null,
      accepted_at: isoTimeOrNull(row?.accepted_at ?? null),
    };
  }

  /** The user's row is locked. Returns since when it was known before, null for a new acceptance. */
  private async keep(
    context: CommandContext | EventContext,
    { userId, version, acceptedAt }: Acceptance,
  ): Promise<SqlTime | null> {
    const { tx, call } = context;
    const known = await acceptanceOf(tx, userId, version);
    if (known) return known.accepted_at;
    const before = await latestAcceptance(tx, userId);
    const row = { user_id: userId, version, accepted_at: sqlTime(acceptedAt), channel: call.channel };
    await tx.insert('terms_acceptances', row);
    context.emit(
      TermsAccepted,
      { user_id: userId, version, accepted_at: acceptedAt.toISOString() },
      { user_id: userId, before: { terms: before?.version ?? null }, after: { terms: version } },
    );
    tx.afterCommit(() => this.acceptances.labels(call.channel).inc());
    return null;
  }
}

function acceptanceOf(reader: Reader, userId: number, version: string): Promise<AcceptanceRow | undefined> {
  return reader.one<AcceptanceRow>(
    'SELECT version, accepted_at FROM terms_acceptances WHERE user_id = ? AND version = ?',
    [userId, version],
  );
}

function latestAcceptance(reader: Reader, userId: number): Promise<AcceptanceRow | undefined> {
  return reader.one<AcceptanceRow>(
    'SELECT version, accepted_at FROM terms_acceptances WHERE user_id = ? ORDER BY accepted_at DESC, version DESC LIMIT 1',
    [userId],
  );
}
