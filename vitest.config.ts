import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

/**
 * Test projects: `unit` runs on nothing, `integration` on the embedded and the real engines, `e2e` on the whole platform, two at a time,
 * and `e2e-alone` on the whole platform with nobody beside it, because it kills or measures engines that all share.
 */
const alone = ['crash', 'crash-embedded', 'observability', 'survival'].map((name) => `e2e/${name}.e2e-spec.ts`);

const shared = {
  plugins: [
    swc.vite({
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
      },
    }),
  ],
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
};

/** Files of one worker share what they import: no test replaces a module, and loading all of it anew took a third of the time. */
const sharedModules = { isolate: false };
const e2e = { ...sharedModules, testTimeout: 180_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          ...sharedModules,
          sequence: { groupOrder: 0 },
          include: ['{apps,libs,tools}/**/*.spec.ts'],
          // Some start programs or read the whole repository, beside everybody else: a limit for what hangs, not for what is slow.
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          ...sharedModules,
          sequence: { groupOrder: 1 },
          include: ['{apps,libs,tools}/**/*.int-spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          sequence: { groupOrder: 2 },
          include: ['e2e/**/*.e2e-spec.ts'],
          exclude: alone,
          ...e2e,
          maxWorkers: 2,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e-alone',
          sequence: { groupOrder: 3 },
          include: alone,
          ...e2e,
          fileParallelism: false,
        },
      },
    ],
  },
});
