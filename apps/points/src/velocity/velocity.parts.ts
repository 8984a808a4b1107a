import { VelocityAlarmService } from './velocity-alarm.service.js';
import { VelocityRuleService } from './velocity-rule.service.js';
import {
  VelocityAlarmEntity,
  VelocityCounterEntity,
  VelocityCursorEntity,
  VelocityRuleEntity,
} from './velocity.entity.js';
import { VelocityJob } from './velocity.job.js';
import { VelocityRecorder } from './velocity.recorder.js';

/** Velocity alarms (P-09). */
export const velocityControllers = [VelocityRuleService, VelocityAlarmService];
export const velocityProviders = [VelocityRecorder, VelocityJob];
export const velocityEntities = [VelocityRuleEntity, VelocityCounterEntity, VelocityAlarmEntity, VelocityCursorEntity];
