import 'reflect-metadata';
import { runProcess, startService } from '#service';
import { userService } from './user.module.js';

await runProcess(() => startService(userService));
