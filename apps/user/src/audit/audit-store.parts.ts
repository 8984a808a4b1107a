import { Inject, type FactoryProvider } from '@nestjs/common';
import { openAuditStore, type AuditStore } from '#audit';
import { Health, settingsToken } from '#service';
import type { UserSettings } from '../user.env.js';

const auditStoreToken = Symbol('audit store');

export const InjectAuditStore = (): ParameterDecorator & PropertyDecorator => Inject(auditStoreToken);

/** The audit log's store, MongoDB or the embedded one; its health is this service's. */
export const auditStoreProvider: FactoryProvider<AuditStore> = {
  provide: auditStoreToken,
  inject: [settingsToken, Health],
  async useFactory(settings: UserSettings, health: Health) {
    const store = await openAuditStore({
      dataDirectory: settings.DATA_DIR,
      ...(settings.MONGODB_URL && { mongodbUrl: settings.MONGODB_URL }),
    });
    health.add({ name: 'audit', check: () => store.ping() });
    return store;
  },
};
