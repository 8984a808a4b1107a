import type { LoggerService } from '@nestjs/common';
import pino, { type Logger } from 'pino';

const censored = [
  'email',
  'phone',
  'token',
  'access_token',
  'refresh_token',
  'init_data',
  'code',
  'password',
  'secret',
  'authorization',
  'text',
  'subject',
];

/** JSON lines on standard output. Personal data and secrets are cut out by name, wherever they sit in the first three levels. */
export function createLogger(service: string, level: string): Logger {
  const paths = censored.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({
    level,
    base: { service },
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths, censor: '[cut]' },
    serializers: { error: errorSerializer },
  });
}

function errorSerializer(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return { type: error.name, message: withoutAddresses(error.message), stack: withoutAddresses(error.stack ?? '') };
}

/** Drivers put values into their messages; addresses must not reach the log that way. */
function withoutAddresses(text: string): string {
  return text.replace(/[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+/g, '[address]').slice(0, 4000);
}

/** Nest's own lines go the same way as ours. */
export function nestLogger(logger: Logger): LoggerService {
  const write =
    (level: 'info' | 'error' | 'warn' | 'debug') =>
    (message: unknown, ...rest: unknown[]) => {
      const context = rest.at(-1);
      logger[level]({ context: typeof context === 'string' ? context : undefined }, withoutAddresses(String(message)));
    };
  return {
    log: write('debug'),
    error: write('error'),
    warn: write('warn'),
    debug: write('debug'),
    verbose: write('debug'),
    fatal: write('error'),
  };
}

export type { Logger };
