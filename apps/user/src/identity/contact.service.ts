import { Injectable } from '@nestjs/common';
import { UserChanged, UserCreated, UserRoleChanged, type Locale, type Role } from '#contracts';
import type { CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import type { UserSettings } from '../user.env.js';
import { userStatuses, type UserRow } from './profile.rules.js';
import { StatusWriter } from '../status/status.writer.js';
import { TelegramIdentity } from './telegram-identity.issuer.js';
import { meetUser, updateRole, updateUser, wasBanned, type Contact } from './user.store.js';

/** Creates and changes users inside the transaction of whoever handles a contact: the bot's greeting, a sign-in, a setting. */
@Injectable()
export class ContactService {
  constructor(
    private readonly identities: TelegramIdentity,
    private readonly statuses: StatusWriter,
    @InjectSettings() private readonly settings: UserSettings,
  ) {}

  /** Creates or refreshes a user. The configured admin becomes super_admin (U-13); a role is only ever raised here. */
  async meet(context: CommandContext, contact: Contact): Promise<{ row: UserRow; created: boolean }> {
    const role = contact.telegramId === this.settings.TELEGRAM_ADMIN_ID ? 'super_admin' : contact.role;
    const { row, created } = await meetUser(context.tx, { ...contact, role }, context.now);
    if (created) {
      return { row: await this.welcome(context, row), created };
    }
    // Who is banned or about to be deleted leaves no new traces.
    if (row.status !== userStatuses.active) return { row, created };
    const wanted = {
      ...row,
      first_name: contact.firstName,
      username: contact.username,
      role: role === 'member' ? row.role : role,
    };
    return { row: await this.change(context, row, wanted), created };
  }

  /** Whoever was banned and erased comes back banned; everybody else begins anew. */
  private async welcome(context: CommandContext, row: UserRow): Promise<UserRow> {
    const { id, telegram_id, kind, first_name, locale, role } = row;
    const identity_hash = this.identities.hashOf(telegram_id);
    context.emit(
      UserCreated,
      { user_id: id, telegram_id, kind, first_name, locale, identity_hash, role },
      { user_id: id, after: { kind, locale, role } },
    );
    if (!(await wasBanned(context.tx, identity_hash))) return row;
    await this.statuses.change(context, row, 'banned', 'the same account was banned before');
    return { ...row, status: userStatuses.banned };
  }

  /** Writes what differs and tells it; `reason` is why the role is another, where it is. */
  async change(context: CommandContext, row: UserRow, wanted: UserRow, reason = 'configuration'): Promise<UserRow> {
    const before = changeable(row);
    const after = changeable(wanted);
    if (JSON.stringify(before) === JSON.stringify(after)) return row;
    await updateUser(context.tx, row.id, after, context.now);
    const { id, first_name, locale, role } = wanted;
    context.emit(
      UserChanged,
      { user_id: id, first_name, locale, role },
      { user_id: id, before: { ...before }, after: { ...after } },
    );
    if (before.role !== after.role) await this.changeRole(context, row, after.role, reason);
    return wanted;
  }

  private async changeRole(context: CommandContext, row: UserRow, role: Role, reason: string): Promise<void> {
    await updateRole(context.tx, row.id, role, context.now);
    context.emit(
      UserRoleChanged,
      { user_id: row.id, role_before: row.role, role, reason },
      { user_id: row.id, before: { role: row.role }, after: { role, reason } },
    );
  }
}

function changeable(row: UserRow): { first_name: string; username: string | null; locale: Locale; role: Role } {
  return { first_name: row.first_name, username: row.username, locale: row.locale, role: row.role };
}
