import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ConfigurationError,
  engineEnvironment,
  loadConfiguration,
  optionalNumber,
  port,
  secret,
  urlOf,
  type Environment,
} from './index.js';

const schema = z.object({
  ...engineEnvironment,
  AUTH_SECRET: secret(32),
  PORT: port().default(3000),
  TELEGRAM_ADMIN_ID: optionalNumber,
  PUBLIC_URL: urlOf('http', 'https'),
});
const secretText = 's3cr3t-'.repeat(6);
const complete: Environment = { AUTH_SECRET: secretText, PUBLIC_URL: 'https://club.example.org' };

function failureOf(environment: Environment): ConfigurationError {
  try {
    loadConfiguration(schema, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return error as ConfigurationError;
  }
  throw new Error('the environment was accepted');
}

const variablesOf = (environment: Environment): string[] =>
  failureOf(environment).problems.map(({ variable }) => variable);

describe('loadConfiguration', () => {
  it('fills in defaults and leaves unset engines out', () => {
    const configuration = loadConfiguration(schema, complete);
    expect(configuration).toMatchObject({
      ...complete,
      PORT: 3000,
      LOG_LEVEL: 'info',
      COMMUNITY_TIMEZONE: 'Asia/Shanghai',
    });
    expect(configuration).not.toHaveProperty('MYSQL_URL');
  });

  it('returns typed values', () => {
    const engines = { MYSQL_URL: 'mysql://a:b@h:3306/n', RABBITMQ_URL: 'amqps://h', REDIS_URL: 'rediss://h:1' };
    const environment = { ...complete, ...engines, PORT: '8080', TELEGRAM_ADMIN_ID: '-42' };
    expect(loadConfiguration(schema, environment)).toMatchObject({ ...engines, PORT: 8080, TELEGRAM_ADMIN_ID: -42 });
  });

  it('takes the address of a replica set', () => {
    const MONGODB_URL = 'mongodb://user:p,w@one:27017,two:27017,three:27017/audit?replicaSet=main';
    expect(loadConfiguration(schema, { ...complete, MONGODB_URL })).toMatchObject({ MONGODB_URL });
  });

  it('takes an empty variable as unset', () => {
    expect(loadConfiguration(schema, { ...complete, PORT: '', REDIS_URL: '' })).toMatchObject({ PORT: 3000 });
    expect(failureOf({ ...complete, AUTH_SECRET: '' }).problems).toEqual([
      { variable: 'AUTH_SECRET', problem: 'is not set' },
    ]);
  });

  it('ignores variables that the schema does not name', () => {
    expect(loadConfiguration(schema, { ...complete, HOME: '/root' })).not.toHaveProperty('HOME');
  });

  it('lists every problem in one error', () => {
    const environment = {
      AUTH_SECRET: 'short',
      PORT: '70000',
      MONGODB_URL: 'mysql://h',
      COMMUNITY_TIMEZONE: 'Mars/Base',
    };
    expect(variablesOf(environment).sort()).toEqual([
      'AUTH_SECRET',
      'COMMUNITY_TIMEZONE',
      'MONGODB_URL',
      'PORT',
      'PUBLIC_URL',
    ]);
    expect(failureOf(environment).message).toContain('AUTH_SECRET: must have at least 32 characters');
  });

  it('never shows a value, whatever a schema says', () => {
    const value = 'hunter2-hunter2';
    const careless = z.object({ TOKEN: z.string().refine(() => false, { error: ({ input }) => `${input} is bad` }) });
    expect(() => loadConfiguration(careless, { TOKEN: value })).toThrow('TOKEN: (hidden) is bad');
    const messages = ['AUTH_SECRET', 'PORT', 'REDIS_URL', 'LOG_LEVEL', 'COMMUNITY_TIMEZONE', 'TELEGRAM_ADMIN_ID'].map(
      (name) => failureOf({ ...complete, [name]: value }).message,
    );
    expect(messages.join()).not.toContain(value);
  });

  it.each([
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['PUBLIC_URL', 'club.example.org'],
    ['PUBLIC_URL', 'ftp://club.example.org'],
    ['PUBLIC_URL', 'https:club.example.org'],
    ['REDIS_URL', 'redis://one:6379,two:6379'],
    ['MONGODB_URL', 'mongodb://'],
    ['TELEGRAM_ADMIN_ID', '12 34'],
    ['TELEGRAM_ADMIN_ID', '9007199254740993'],
    ['COMMUNITY_TIMEZONE', '+08:00'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s', (name, value) => {
    expect(variablesOf({ ...complete, [name]: value })).toEqual([name]);
  });

  it('reads the process environment unless told otherwise', () => {
    expect(loadConfiguration(z.object({ PATH: z.string() })).PATH).not.toBe('');
  });
});
