import { Controller, type OnApplicationShutdown } from '@nestjs/common';
import { AuditUnavailableError, type AuditStore } from '#audit';
import { AppError, SearchAuditLog, type HandledInputOf, type OutputOf } from '#contracts';
import { HandleQuery, requirePermission, type QueryContext } from '#messaging';
import { InjectAuditStore } from './audit-store.parts.js';

/** Who did what (O-04), for admins. */
@Controller()
export class AuditSearchService implements OnApplicationShutdown {
  constructor(@InjectAuditStore() private readonly store: AuditStore) {}

  @HandleQuery(SearchAuditLog)
  async search(
    input: HandledInputOf<typeof SearchAuditLog>,
    { call }: QueryContext,
  ): Promise<OutputOf<typeof SearchAuditLog>> {
    requirePermission(call, 'audit.read');
    const { items, nextBeforeId } = await this.store.search(input).catch((error: unknown) => {
      throw error instanceof AuditUnavailableError ? new AppError('system.unavailable') : error;
    });
    return { items: items.map(({ payload: _payload, ...entry }) => entry), next_before_id: nextBeforeId };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
