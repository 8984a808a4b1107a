import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type BrokenRule, brokenRules, folders, rules } from './cruise.js';
import { type Tree, writeTree } from './fixture.tree.js';

const repository = resolve(import.meta.dirname, '../..');
const value = 'export const value = 1;';
const imports = (from: string) => `import { value } from '${from}';\nexport const copy = value;\n`;

/** Per rule a smallest tree that breaks it, and one beside it that comes near and is allowed. */
const cases: Record<string, { broken: Tree; allowed: Tree }> = {
  'apps-are-islands': {
    broken: {
      'apps/points/src/main.ts': imports('../../user/src/user.service.js'),
      'apps/user/src/user.service.ts': value,
    },
    allowed: { 'apps/points/src/main.ts': imports('./points.service.js'), 'apps/points/src/points.service.ts': value },
  },
  'standalone-takes-modules-only': {
    broken: {
      'apps/standalone/src/main.ts': imports('../../user/src/user.service.js'),
      'apps/user/src/user.service.ts': value,
    },
    allowed: {
      'apps/standalone/src/main.ts': imports('../../user/src/user.module.js'),
      'apps/user/src/user.module.ts': value,
    },
  },
  'gateway-owns-no-data': {
    broken: { 'apps/gateway/src/main.ts': imports('#database'), 'libs/database/src/index.ts': value },
    allowed: { 'apps/gateway/src/main.ts': imports('#messaging'), 'libs/messaging/src/index.ts': value },
  },
  'libs-do-not-know-apps': {
    broken: {
      'libs/cache/src/index.ts': imports('../../../apps/user/src/user.service.js'),
      'apps/user/src/user.service.ts': value,
    },
    allowed: { 'libs/cache/src/index.ts': imports('#config'), 'libs/config/src/index.ts': value },
  },
  'libs-by-their-door': {
    broken: { 'apps/user/src/main.ts': imports('../../../libs/cache/src/lock.js'), 'libs/cache/src/lock.ts': value },
    allowed: {
      'apps/user/src/main.ts': imports('#cache'),
      'libs/cache/src/index.ts': imports('./lock.js'),
      'libs/cache/src/lock.ts': value,
    },
  },
  'contracts-import-only-zod': {
    broken: { 'libs/contracts/src/index.ts': imports('@nestjs/common') },
    allowed: { 'libs/contracts/src/index.ts': imports('zod') },
  },
  'testing-in-tests-only': {
    broken: { 'apps/user/src/main.ts': imports('#testing'), 'libs/testing/src/index.ts': value },
    allowed: {
      'apps/user/src/user.int-spec.ts': imports('./mail.fixture.js'),
      'apps/user/src/mail.fixture.ts': imports('#testing'),
      'libs/testing/src/index.ts': value,
    },
  },
  'amqplib-in-messaging-only': {
    broken: { 'libs/service/src/index.ts': imports('amqplib') },
    allowed: { 'libs/messaging/src/index.ts': imports('amqplib') },
  },
  'typeorm-in-database-only': {
    broken: { 'apps/points/src/points.service.ts': imports('typeorm') },
    allowed: {
      'apps/points/src/points.entity.ts': imports('typeorm'),
      'apps/points/src/migrations/0001-ledger.migration.ts': imports('typeorm'),
      'libs/database/src/index.ts': imports('typeorm'),
    },
  },
  'sql-drivers-in-libs-only': {
    broken: { 'apps/points/src/points.service.ts': imports('mysql2/promise') },
    allowed: { 'libs/database/src/index.ts': imports('mysql2') },
  },
  'ioredis-in-cache-only': {
    broken: { 'apps/gateway/src/main.ts': imports('ioredis') },
    allowed: { 'libs/cache/src/index.ts': imports('ioredis') },
  },
  'mongoose-in-audit-only': {
    broken: { 'apps/user/src/main.ts': imports('mongoose') },
    allowed: { 'libs/audit/src/index.ts': imports('mongoose') },
  },
  'telegraf-at-the-edge': {
    broken: { 'apps/user/src/main.ts': imports('telegraf') },
    allowed: { 'apps/gateway/src/main.ts': imports('telegraf'), 'apps/notification/src/main.ts': imports('telegraf') },
  },
  'rules-are-pure': {
    broken: { 'apps/points/src/streak.rules.ts': imports('node:fs') },
    allowed: {
      'apps/points/src/streak.rules.ts': `${imports('#contracts')}export * from 'zod';\nexport * from 'node:crypto';\n`,
      'libs/contracts/src/index.ts': value,
    },
  },
  'edge-in-gateway-only': {
    broken: { 'apps/points/src/points.controller.ts': imports('@nestjs/common') },
    allowed: { 'apps/gateway/src/points.controller.ts': imports('@nestjs/common') },
  },
  'edge-without-database': {
    broken: { 'apps/gateway/src/points.feature.ts': imports('#database'), 'libs/database/src/index.ts': value },
    allowed: { 'apps/gateway/src/points.feature.ts': imports('#messaging'), 'libs/messaging/src/index.ts': value },
  },
  'entities-do-no-io': {
    broken: { 'apps/points/src/points.entity.ts': imports('node:net') },
    allowed: {
      'apps/points/src/points.entity.ts': imports('./points.rules.js'),
      'apps/points/src/points.rules.ts': value,
    },
  },
  'no-circular': {
    broken: { 'libs/cache/src/index.ts': imports('./lock.js'), 'libs/cache/src/lock.ts': imports('./index.js') },
    allowed: {
      'libs/cache/src/index.ts': imports('./lock.js'),
      'libs/cache/src/lock.ts':
        "import type { copy } from './index.js';\nexport const value = (given: typeof copy) => given;\n",
    },
  },
  'no-orphans': {
    broken: { 'apps/user/src/forgotten.ts': value },
    allowed: { 'apps/user/src/main.ts': value },
  },
  'no-unresolvable': {
    broken: { 'apps/user/src/main.ts': imports('./nowhere.js') },
    allowed: { 'apps/user/src/main.ts': imports('./somewhere.js'), 'apps/user/src/somewhere.ts': value },
  },
  'no-dev-dependency-at-run-time': {
    broken: { 'apps/user/src/main.ts': imports('vitest') },
    allowed: { 'apps/user/src/user.spec.ts': imports('vitest') },
  },
  'no-import-of-tests': {
    broken: { 'apps/user/src/main.ts': imports('./user.spec.js'), 'apps/user/src/user.spec.ts': value },
    allowed: { 'apps/user/src/user.spec.ts': imports('./user.service.js'), 'apps/user/src/user.service.ts': value },
  },
};

const left: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const remove of left.splice(0)) await remove();
});

async function brokenIn(tree: Tree): Promise<BrokenRule[]> {
  const fixture = await writeTree(tree);
  left.push(fixture.remove);
  return brokenRules(fixture.root, fixture.folders);
}

describe('dependency rules', () => {
  it('has a case for every rule, and no case without a rule', () => {
    expect(Object.keys(cases).sort()).toEqual(rules.map((rule) => rule.name).sort());
  });

  it('says why each rule exists', () => {
    expect(rules.filter((rule) => !rule.comment || rule.severity !== 'error')).toEqual([]);
  });

  it.each(Object.entries(cases))(
    '%s fires on a violation and lets its neighbour pass',
    async (name, { broken, allowed }) => {
      expect((await brokenIn(broken)).map(({ rule }) => rule)).toContain(name);
      expect(await brokenIn(allowed)).toEqual([]);
    },
  );

  it('has no violation in this repository', async () => {
    const present = folders.filter((folder) => existsSync(join(repository, folder)));
    const broken = await brokenRules(repository, present);
    expect(broken.map(({ rule, from, to }) => `${rule}: ${from} -> ${to}`)).toEqual([]);
  });
});
