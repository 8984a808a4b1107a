import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crashSettings } from './crash/crash.settings.js';
import { runEmbeddedCrash } from './crash/embedded.run.js';
import { reportLogsOnFailure, startEmbeddedPlatform, type EmbeddedPlatform } from './platform/index.js';

const { seed } = crashSettings;
const size = { memberCount: 100, dayCount: 8, kills: 5 };

describe(`the embedded platform while it is killed, CRASH_SEED=${seed}`, () => {
  let platform: EmbeddedPlatform;
  beforeAll(async () => {
    // Nobody of these members has opened the chat: what is told to them is given up at once, and nothing stays open.
    platform = await startEmbeddedPlatform({ environment: { LOG_LEVEL: 'error' } });
  });
  afterAll(() => platform.stop());
  reportLogsOnFailure(() => platform);

  it('keeps every accepted check-in, makeup, purchase, cancellation and place once, in every file', async () => {
    const { summary, violations } = await runEmbeddedCrash(platform, seed, size);
    process.stderr.write(`${JSON.stringify(summary)}\n`);
    expect(violations).toEqual([]);
    expect(summary['kills']).toBe(size.kills);
  });
});
