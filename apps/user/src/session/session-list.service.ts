import { Controller } from '@nestjs/common';
import {
  AppError,
  ListSessions,
  RevokeOtherSessions,
  RevokeSession,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isoTime } from '#database';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { lockUser } from '../identity/user.store.js';
import { endSession, isOpen, lockSession, openSessions } from './session.store.js';

/** Where a member is signed in, and how they end it (U-14). */
@Controller()
export class SessionListService {
  @HandleQuery(ListSessions)
  async list(
    _input: HandledInputOf<typeof ListSessions>,
    { reader, call, now }: QueryContext,
  ): Promise<OutputOf<typeof ListSessions>> {
    const current = sessionOf(call);
    const rows = await openSessions(reader, requireUser(call), now);
    return {
      items: rows.map(({ id, method, device, ip, created_at, last_used_at, expires_at }) => ({
        id,
        method,
        device,
        ip,
        created_at: isoTime(created_at),
        last_used_at: isoTime(last_used_at ?? created_at),
        expires_at: isoTime(expires_at),
        current: id === current,
      })),
    };
  }

  /** Another member's session is none at all. */
  @HandleCommand(RevokeSession)
  async revoke(
    input: HandledInputOf<typeof RevokeSession>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RevokeSession>> {
    const session = await lockSession(context.tx, input.session_id);
    if (!isOpen(session, context.now) || session.user_id !== requireUser(context.call))
      throw new AppError('auth.session_not_found');
    await endSession(context, session, 'revoked');
    return { ended: true };
  }

  /** From the bot, which is no session, all of them. */
  @HandleCommand(RevokeOtherSessions)
  async revokeOthers(
    _input: HandledInputOf<typeof RevokeOtherSessions>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RevokeOtherSessions>> {
    const user = await lockUser(context.tx, requireUser(context.call));
    const current = sessionOf(context.call);
    const others = (await openSessions(context.tx, user.id, context.now)).filter(({ id }) => id !== current);
    for (const session of others) await endSession(context, session, 'revoked');
    return { ended: others.length };
  }
}

export function sessionOf({ actor }: Call): string | undefined {
  return actor.kind === 'user' ? actor.session_id : undefined;
}
