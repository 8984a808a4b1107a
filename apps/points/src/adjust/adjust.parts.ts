import { AdjustmentDecisionService } from './adjustment-decision.service.js';
import { AdjustmentEntity } from './adjustment.entity.js';
import { AdjustmentService } from './adjustment.service.js';
import { AdjustmentWriter } from './adjustment.writer.js';

/** Adjustments by admins (P-09). */
export const adjustControllers = [AdjustmentService, AdjustmentDecisionService];
export const adjustProviders = [AdjustmentWriter];
export const adjustEntities = [AdjustmentEntity];
