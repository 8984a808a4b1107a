import 'reflect-metadata';
import { runProcess, startService } from '#service';
import { entitlementService } from './entitlement.module.js';

await runProcess(() => startService(entitlementService));
