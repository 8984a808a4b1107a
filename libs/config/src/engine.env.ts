import { z } from 'zod';
import { timeZone, urlOf } from './variable.schemas.js';

/** What every process takes from its environment: spread it into the process's own schema. An unset URL means the embedded stand-in. */
export const engineEnvironment = {
  MYSQL_URL: urlOf('mysql').optional(),
  RABBITMQ_URL: urlOf('amqp', 'amqps').optional(),
  REDIS_URL: urlOf('redis', 'rediss').optional(),
  MONGODB_URL: urlOf('mongodb', 'mongodb+srv').optional(),
  /** Where the embedded stand-ins keep their files. */
  DATA_DIR: z.string().max(1024).default('.data'),
  /** The address servers listen on; 0.0.0.0 inside a container. */
  LISTEN_HOST: z.string().max(64).default('127.0.0.1'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** The community's day begins at midnight here. */
  COMMUNITY_TIMEZONE: timeZone.default('Asia/Shanghai'),
  /** A file with the milliseconds to add to the clock; for tests of things that take days. */
  CLOCK_OFFSET_FILE: z.string().max(1024).optional(),
};

export type EngineConfiguration = z.output<z.ZodObject<typeof engineEnvironment>>;
