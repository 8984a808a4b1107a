import { Controller } from '@nestjs/common';
import {
  AppError,
  DeletionCancelled,
  DeletionRequested,
  GetDeletion,
  RequestDeletion,
  RestoreAccount,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isoTime, sqlTime } from '#database';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { InjectSettings } from '#service';
import { lockUser } from '../identity/user.store.js';
import { refuseBanned } from '../session/session-opening.service.js';
import { StatusWriter } from '../status/status.writer.js';
import type { UserSettings } from '../user.env.js';
import { deletionDueAt } from './deletion.rules.js';
import { findDeletion, refuseBeingErased } from './deletion.store.js';

/** A member asks for the deletion of the account, and takes it back (U-15). What is due is the erasure's matter. */
@Controller()
export class DeletionService {
  constructor(
    private readonly statuses: StatusWriter,
    @InjectSettings() private readonly settings: UserSettings,
  ) {}

  @HandleCommand(RequestDeletion)
  async request(
    _input: HandledInputOf<typeof RequestDeletion>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RequestDeletion>> {
    const { tx, now } = context;
    const user = await lockUser(tx, requireUser(context.call));
    // The end of a deletion lifts no ban, so its beginning must not either.
    refuseBanned(user);
    // Who runs the platform hands that over first.
    if (user.role === 'super_admin') throw new AppError('user.deletion_not_possible');
    const known = await refuseBeingErased(tx, user.id);
    if (known) return { requested_at: isoTime(known.requested_at), due_at: isoTime(known.due_at) };
    const dueAt = deletionDueAt(now, this.settings.DELETION_GRACE_DAYS);
    await tx.upsert(
      'deletion_requests',
      { user_id: user.id, state: 'pending', requested_at: sqlTime(now), due_at: sqlTime(dueAt), reminded_days: null },
      { conflict: ['user_id'], update: ['state', 'requested_at', 'due_at', 'reminded_days'] },
    );
    await this.statuses.change(context, user, 'deletion_pending', null);
    context.emit(
      DeletionRequested,
      { user_id: user.id, due_at: dueAt.toISOString() },
      { user_id: user.id, after: { deletion_due_at: dueAt.toISOString() } },
    );
    return { requested_at: now.toISOString(), due_at: dueAt.toISOString() };
  }

  @HandleCommand(RestoreAccount)
  async restore(
    _input: HandledInputOf<typeof RestoreAccount>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RestoreAccount>> {
    const user = await lockUser(context.tx, requireUser(context.call));
    refuseBanned(user);
    const deletion = await findDeletion(context.tx, user.id);
    if (deletion?.state !== 'pending') throw new AppError('user.no_deletion_pending');
    await context.tx.execute('DELETE FROM deletion_requests WHERE user_id = ?', [user.id]);
    await this.statuses.change(context, user, 'active', null);
    context.emit(
      DeletionCancelled,
      { user_id: user.id },
      { user_id: user.id, before: { deletion: 'pending' }, after: { deletion: null } },
    );
    return { restored: true };
  }

  @HandleQuery(GetDeletion)
  async get(
    _input: HandledInputOf<typeof GetDeletion>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetDeletion>> {
    const row = await findDeletion(reader, requireUser(call));
    if (row?.state !== 'pending') return { requested_at: null, due_at: null };
    return { requested_at: isoTime(row.requested_at), due_at: isoTime(row.due_at) };
  }
}
