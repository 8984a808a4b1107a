import { Controller } from '@nestjs/common';
import {
  AcceptTerms,
  AppError,
  GetTermsAcceptance,
  TermsAccepted,
  termsVersion,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isoTime, isoTimeOrNull, sqlTime, type Reader, type SqlTime } from '#database';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { lockUser } from '../identity/user.store.js';

interface AcceptanceRow {
  version: string;
  accepted_at: SqlTime;
}

/** Who has accepted which terms, and when (U-15). */
@Controller()
export class TermsService {
  @HandleCommand(AcceptTerms)
  async accept(
    input: HandledInputOf<typeof AcceptTerms>,
    context: CommandContext,
  ): Promise<OutputOf<typeof AcceptTerms>> {
    const { tx, now, call } = context;
    if (input.version !== termsVersion) throw new AppError('terms.version_outdated', { current_version: termsVersion });
    const { id: userId } = await lockUser(tx, requireUser(call));
    const before = await latestAcceptance(tx, userId);
    if (before?.version === termsVersion) return { version: termsVersion, accepted_at: isoTime(before.accepted_at) };
    const row = { user_id: userId, version: termsVersion, accepted_at: sqlTime(now), channel: call.channel };
    await tx.insert('terms_acceptances', row);
    const accepted = { version: termsVersion, accepted_at: now.toISOString() };
    context.emit(
      TermsAccepted,
      { user_id: userId, ...accepted },
      { user_id: userId, before: { terms: before?.version ?? null }, after: { terms: termsVersion } },
    );
    return accepted;
  }

  @HandleQuery(GetTermsAcceptance)
  async get(
    _input: HandledInputOf<typeof GetTermsAcceptance>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetTermsAcceptance>> {
    const row = await latestAcceptance(reader, requireUser(call));
    return {
      current_version: termsVersion,
      accepted_version: row?.version ?? null,
      accepted_at: isoTimeOrNull(row?.accepted_at ?? null),
    };
  }
}

function latestAcceptance(reader: Reader, userId: number): Promise<AcceptanceRow | undefined> {
  return reader.one<AcceptanceRow>(
    'SELECT version, accepted_at FROM terms_acceptances WHERE user_id = ? ORDER BY accepted_at DESC, version DESC LIMIT 1',
    [userId],
  );
}
