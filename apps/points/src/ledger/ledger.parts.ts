import { HoldService } from './hold.service.js';
import { LedgerAdminService } from './ledger-admin.service.js';
import { LedgerAuditService } from './ledger-audit.service.js';
import { LedgerQueryService } from './ledger-query.service.js';
import { PointAccountEntity, PointHoldEntity, PointRecordEntity } from './ledger.entity.js';
import { LedgerReconciler } from './ledger.reconciler.js';
import { LedgerService } from './ledger.service.js';
import { LedgerSealEntity, PointImbalanceEntity } from './seal.entity.js';

/** The ledger's part of the service (P-01). */
export const ledgerControllers = [LedgerQueryService, LedgerAdminService, LedgerAuditService];
export const ledgerProviders = [LedgerService, HoldService, LedgerReconciler];
export const ledgerEntities = [
  PointAccountEntity,
  PointRecordEntity,
  PointHoldEntity,
  LedgerSealEntity,
  PointImbalanceEntity,
];
