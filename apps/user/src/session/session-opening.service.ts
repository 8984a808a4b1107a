import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, UserSignedIn } from '#contracts';
import { sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { ContactService } from '../identity/contact.service.js';
import { userStatuses, type UserRow } from '../identity/profile.rules.js';
import type { Contact } from '../identity/user.store.js';
import { sessionEnd, TokenIssuer, type Tokens } from './token.issuer.js';

/** Opens sessions for contacts that have proven who they are, whichever way. */
@Injectable()
export class SessionOpeningService {
  constructor(
    private readonly contacts: ContactService,
    private readonly tokens: TokenIssuer,
  ) {}

  async open(context: CommandContext, contact: Contact, method: 'mini_app' | 'development'): Promise<Tokens> {
    const { row } = await this.contacts.meet(context, contact);
    refuseBanned(row);
    const session = { id: randomUUID(), endsAt: sessionEnd(context.now) };
    await context.tx.insert('sessions', {
      id: session.id,
      user_id: row.id,
      method,
      created_at: sqlTime(context.now),
      expires_at: sqlTime(session.endsAt),
    });
    const change = { user_id: row.id, after: { session_id: session.id, method } };
    context.emit(UserSignedIn, { user_id: row.id, session_id: session.id, method }, change);
    return this.tokens.issue(context, row, session);
  }
}

/** @throws AppError user.banned */
export function refuseBanned(user: UserRow): void {
  if (user.status === userStatuses.banned) throw new AppError('user.banned');
}
