import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, UserSignedIn, type SessionMethod } from '#contracts';
import { sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { ContactService } from '../identity/contact.service.js';
import { userStatuses, type UserRow } from '../identity/profile.rules.js';
import type { Contact } from '../identity/user.store.js';
import { refuseBeingErased } from '../privacy/deletion.store.js';
import { deviceName, maskIp } from './device.rules.js';
import { endSession, openSessions, sessionsAtMost } from './session.store.js';
import { sessionEnd, TokenIssuer, type Tokens } from './token.issuer.js';

export interface SignIn {
  readonly method: SessionMethod;
  readonly device: string | null;
}

/** Opens sessions for contacts that have proven who they are, whichever way. */
@Injectable()
export class SessionOpeningService {
  constructor(
    private readonly contacts: ContactService,
    private readonly tokens: TokenIssuer,
  ) {}

  async open(context: CommandContext, contact: Contact, signIn: SignIn): Promise<Tokens> {
    const { row } = await this.contacts.meet(context, contact);
    return this.openFor(context, row, signIn);
  }

  /** For a member whose row the transaction holds. @throws AppError user.banned, user.being_erased */
  async openFor(context: CommandContext, user: UserRow, { method, device }: SignIn): Promise<Tokens> {
    refuseBanned(user);
    await refuseBeingErased(context.tx, user.id);
    const session = { id: randomUUID(), endsAt: sessionEnd(context.now) };
    const named = deviceName(device);
    await context.tx.insert('sessions', {
      id: session.id,
      user_id: user.id,
      method,
      device: named,
      ip: maskIp(context.call.ip),
      created_at: sqlTime(context.now),
      expires_at: sqlTime(session.endsAt),
    });
    const open = await openSessions(context.tx, user.id, context.now);
    for (const old of open.slice(sessionsAtMost)) await endSession(context, old, 'crowded_out');
    const change = { user_id: user.id, after: { session_id: session.id, method, device: named } };
    context.emit(UserSignedIn, { user_id: user.id, session_id: session.id, method }, change);
    return this.tokens.issue(context, user, session);
  }
}

/** @throws AppError user.banned */
export function refuseBanned(user: UserRow): void {
  if (user.status === userStatuses.banned) throw new AppError('user.banned');
}
