import { join } from 'node:path';
import type { Engine } from './engine.types.js';
import { startProcess } from './process.control.js';
import { missingPrograms, requireProgram } from './program.locator.js';
import { probeTcp } from './tcp.probe.js';

/** Redis without persistence: whatever is in it may be lost at any time. */
export const redis: Engine = {
  name: 'redis',
  variables: ['REDIS_URL'],
  ports: ['redis'],
  packages: ['redis-server'],
  composeService: 'redis',
  pidFiles: ['process.json'],
  missing: () => missingPrograms(['redis-server']),
  urls: (ports) => ({ REDIS_URL: `redis://127.0.0.1:${ports.redis}` }),
  start: ({ directory, ports }) =>
    startProcess({
      command: requireProgram('redis-server'),
      args: [
        '--bind',
        '127.0.0.1',
        '--port',
        String(ports.redis),
        '--dir',
        directory,
        '--save',
        '',
        '--appendonly',
        'no',
      ],
      pidFile: join(directory, 'process.json'),
      logFile: join(directory, 'output.log'),
    }),
  probe: (ports) => probeTcp(ports.redis, '+PONG', 'PING\r\n'),
};
