import 'reflect-metadata';
import { runProcess, startService } from '#service';
import { notificationService } from './notification.module.js';

await runProcess(() => startService(notificationService));
