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

const bytesGathered = 8 * 1024;
const gatheredForMs = 100;
const urgentLevel = 40;

/** Standard output of the process. A write for each line would be a tenth of what a command costs the gateway. */
const output = pino.destination({ dest: 1, sync: true, minLength: bytesGathered, periodicFlush: gatheredForMs });
process.once('exit', () => output.flushSync());

/**
 * JSON lines on standard output, gathered for a tenth of a second; warnings and errors are written at once. Personal data and
 * secrets are cut out by name, wherever they sit in the first three levels.
 */
export function createLogger(service: string, level: string): Logger {
  const paths = censored.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino(
    {
      level,
      base: { service },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: '[cut]' },
      serializers: { error: errorSerializer },
      hooks: {
        logMethod(line, method, lineLevel) {
          method.apply(this, line);
          if (lineLevel >= urgentLevel) output.flushSync();
        },
      },
    },
    output,
  );
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
