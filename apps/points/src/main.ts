import 'reflect-metadata';
import { runProcess, startService } from '#service';
import { pointsService } from './points.module.js';

await runProcess(() => startService(pointsService));
