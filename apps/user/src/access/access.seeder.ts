import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { permissionCatalogue, permissionNames, RolePermissionsChanged, roles, type Role } from '#contracts';
import { sqlTime } from '#database';
import { UnitOfWork, type CommandContext } from '#messaging';
import { InjectLogger, InjectSettings, onceDatabaseIsThere, type Logger } from '#service';
import { ContactService } from '../identity/contact.service.js';
import { findUserByTelegramId, lockUser } from '../identity/user.store.js';
import type { UserSettings } from '../user.env.js';
import { lockRole } from './role.store.js';

/**
 * Makes the tables fit this version at start (U-13): a permission that is new is written down and given to the roles of the
 * catalogue, once; what a super_admin has changed since stays. The configured admin becomes super_admin here when they are known.
 */
@Injectable()
export class AccessSeeder implements OnApplicationBootstrap {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly contacts: ContactService,
    @InjectSettings() private readonly settings: UserSettings,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await onceDatabaseIsThere(this.logger, () =>
      this.unitOfWork.runAs('access-seeder', async (context) => {
        await lockRole(context.tx, 'super_admin');
        await seedPermissions(context);
        await this.raiseConfiguredAdmin(context);
      }),
    );
  }

  private async raiseConfiguredAdmin(context: CommandContext): Promise<void> {
    const telegramId = this.settings.TELEGRAM_ADMIN_ID;
    const known = telegramId === undefined ? undefined : await findUserByTelegramId(context.tx, telegramId);
    if (!known) return;
    const user = await lockUser(context.tx, known.id);
    await this.contacts.change(context, user, { ...user, role: 'super_admin' });
  }
}

async function seedPermissions(context: CommandContext): Promise<void> {
  const { tx, now } = context;
  const rows = await tx.query<{ name: string }>('SELECT name FROM permissions');
  const known = new Set(rows.map(({ name }) => name));
  const fresh = permissionNames.filter((name) => !known.has(name));
  if (fresh.length === 0) return;
  await tx.insert(
    'permissions',
    fresh.map((name) => ({ name, created_at: sqlTime(now) })),
  );
  for (const role of roles) {
    const added = fresh.filter((name) => (permissionCatalogue[name].roles as readonly Role[]).includes(role));
    if (added.length === 0) continue;
    await tx.insert(
      'role_permissions',
      added.map((permission) => ({ role, permission })),
    );
    context.emit(RolePermissionsChanged, { role, added, removed: [] }, { after: { added } });
  }
}
