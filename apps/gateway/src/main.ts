import 'reflect-metadata';
import { runProcess, startService } from '#service';
import { gatewayService } from './gateway.module.js';

await runProcess(() => startService(gatewayService));
