/**
 * Who may import what. Every rule says why; tools/rules shows that every rule fires on a violation.
 * Paths are relative to the repository; `#lib` imports resolve to the sources by the `source` condition.
 */

/** Files that only run in tests: they may reach for anything but another app. */
const TESTS = String.raw`\.(?:spec|int-spec|e2e-spec)\.ts$`;

/** Test data that several tests share. */
const FIXTURES = String.raw`\.fixture\.ts$`;

/** Matches a package whether or not it is installed where the check runs. */
const packages = (...names) => `(?:^|node_modules/)(?:@types/)?(?:${names.join('|')})(?:/|$)`;

/** Node's own modules that compute and touch nothing (randomness in node:crypto is caught by tools/tidy). */
const PURE_BUILTINS = '^(?:node:)?(?:crypto|buffer|util|url|assert|querystring|string_decoder)(?:/|$)';

/** One package, one owner: the owner hides the engine from everybody else. */
const ownedBy = (name, owner, names, why) => ({
  name,
  severity: 'error',
  comment: why,
  from: { path: '^(?:apps|libs)/', pathNot: owner },
  to: { path: packages(...names) },
});

const boundaries = [
  {
    name: 'apps-are-islands',
    severity: 'error',
    comment:
      'A service is reached by messages only: an import would tie two deployments, two databases and two release dates.',
    from: { path: '^apps/([^/]+)/', pathNot: '^apps/standalone/' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  {
    name: 'standalone-takes-modules-only',
    severity: 'error',
    comment: 'The one-process build composes whole services; reaching past their module would make it a sixth service.',
    from: { path: '^apps/standalone/', pathNot: TESTS },
    to: { path: '^apps/(?!standalone/)', pathNot: String.raw`\.(?:module|env)\.ts$` },
  },
  {
    name: 'gateway-owns-no-data',
    severity: 'error',
    comment: 'The gateway turns requests into messages; with a database it would grow rules and a second truth.',
    from: { path: '^apps/gateway/', pathNot: TESTS },
    to: { path: '^libs/database/' },
  },
  {
    name: 'libs-do-not-know-apps',
    severity: 'error',
    comment: 'Libraries are below the services; an import upwards makes every service depend on that one.',
    from: { path: '^libs/' },
    to: { path: '^apps/' },
  },
  {
    name: 'libs-by-their-door',
    severity: 'error',
    comment:
      "A library is its index: import it as '#lib', so that its inside can change and the built form resolves too.",
    from: { path: '^(?:libs/([^/]+)|apps|e2e|bench|tools)/' },
    to: { path: '^libs/', pathNot: '^libs/$1/', dependencyTypesNot: ['aliased-subpath-import'] },
  },
  {
    name: 'contracts-import-only-zod',
    severity: 'error',
    comment:
      'Every process loads the contracts, and so does a client: they stay plain data that needs zod and nothing else.',
    from: { path: '^libs/contracts/', pathNot: TESTS },
    to: { pathNot: ['^libs/contracts/', packages('zod'), '^(?:node:)?crypto$'] },
  },
  {
    name: 'testing-in-tests-only',
    severity: 'error',
    comment:
      'Emulators and test engines must not reach a production process; only the embedded standalone serves them.',
    from: { path: '^(?:apps|libs)/', pathNot: ['^libs/testing/', '^apps/standalone/', TESTS, FIXTURES] },
    to: { path: ['^libs/testing/', FIXTURES] },
  },
];

const engines = [
  ownedBy(
    'amqplib-in-messaging-only',
    '^libs/messaging/',
    ['amqplib', 'amqp-connection-manager'],
    'Acknowledgement, confirms and reconnects are decided once; a second AMQP user would break at-least-once delivery.',
  ),
  ownedBy(
    'typeorm-in-database-only',
    String.raw`^libs/database/|\.(?:entity|migration)\.ts$|/migrations/`,
    ['typeorm', '@nestjs/typeorm'],
    'A change needs the transaction that #database hands out; entities and migrations import typeorm for their shape only.',
  ),
  ownedBy(
    'sql-drivers-in-libs-only',
    '^libs/',
    ['mysql2', 'libsql'],
    'A service that talks to a driver writes past the transaction, the inbox and the outbox.',
  ),
  ownedBy(
    'ioredis-in-cache-only',
    '^libs/cache/',
    ['ioredis'],
    'Without REDIS_URL there is no Redis: code that knows ioredis would not run on the embedded parts.',
  ),
  ownedBy(
    'mongoose-in-audit-only',
    '^libs/audit/',
    ['mongoose', 'mongodb', '@nestjs/mongoose'],
    'Without MONGODB_URL there is no MongoDB: audit entries go through #audit, whichever store is below.',
  ),
  ownedBy(
    'telegraf-at-the-edge',
    '^apps/(?:gateway|notification)/|^libs/testing/src/bot-emulator/',
    ['telegraf'],
    'Telegram is a door (gateway) and a channel (notification); a rule that knows the bot cannot serve REST.',
  ),
];

const layers = [
  {
    name: 'rules-are-pure',
    severity: 'error',
    comment: 'Rules decide on plain values, so that their borders are tested with nothing running.',
    from: { path: String.raw`\.rules\.ts$` },
    to: {
      pathNot: [
        String.raw`\.(?:rules|types)\.ts$`,
        '^libs/(?:contracts|calendar)/',
        packages('zod', 'iso-3166'),
        PURE_BUILTINS,
      ],
    },
  },
  {
    name: 'edge-in-gateway-only',
    severity: 'error',
    comment: 'REST controllers and bot features are the edge; a second edge would need a second login and rate limit.',
    from: { path: String.raw`^(?:apps|libs)/.*\.(?:controller|feature)\.ts$`, pathNot: '^apps/gateway/' },
    to: { path: '.+' },
  },
  {
    name: 'edge-without-database',
    severity: 'error',
    comment: 'An edge file turns a request into one command or query; data is changed by the service that owns it.',
    from: { path: String.raw`\.(?:controller|feature)\.ts$` },
    to: { path: ['^libs/database/', packages('typeorm', '@nestjs/typeorm', 'mysql2', 'libsql')] },
  },
  {
    name: 'entities-do-no-io',
    severity: 'error',
    comment: 'An entity is columns and constraints; loading one must start nothing.',
    from: { path: String.raw`\.entity\.ts$` },
    to: {
      pathNot: [
        String.raw`\.(?:entity|rules)\.ts$`,
        '^libs/(?:contracts|database)/',
        packages('typeorm', 'zod', 'nanoid', 'reflect-metadata'),
        PURE_BUILTINS,
      ],
    },
  },
];

const health = [
  {
    name: 'no-circular',
    severity: 'error',
    comment:
      'In a circle the order of loading decides what is undefined, and decorators run while loading (types are no load).',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-orphans',
    severity: 'error',
    comment: 'A file that nobody imports and that starts nothing is dead: delete it.',
    from: {
      orphan: true,
      path: '^(?:apps|libs|e2e|bench|tools)/',
      pathNot: [
        TESTS,
        String.raw`\.d\.ts$`,
        String.raw`(?:^|/)(?:main|index)\.[cm]?[jt]s$`,
        String.raw`^tools/[^/]+\.mjs$`,
        String.raw`^(?:tools|bench|e2e)/.*\.(?:setup|script)\.[cm]?[jt]s$`,
        '/(?:page|public|assets)/',
      ],
    },
    to: {},
  },
  {
    name: 'no-unresolvable',
    severity: 'error',
    comment: 'An import that resolves on one machine only (or nowhere) fails at start, not at build.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-dev-dependency-at-run-time',
    severity: 'error',
    comment: 'Images are installed without devDependencies: such an import fails only there.',
    from: { path: '^(?:apps|libs)/', pathNot: [TESTS, FIXTURES, '^libs/testing/'] },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: packages('@types/[^/]+') },
  },
  {
    name: 'no-import-of-tests',
    severity: 'error',
    comment: 'Importing a test file runs its tests; what two tests share belongs in #testing.',
    from: {},
    to: { path: TESTS },
  },
];

module.exports = {
  forbidden: [...boundaries, ...engines, ...layers, ...health],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(?:^|/)(?:dist|\\.data|\\.services|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
    },
  },
};
