import { afterAll, beforeAll, beforeEach } from 'vitest';
import { hasRealEngines, reportLogsOnFailure } from '../platform/index.js';
import { openEmbeddedStage } from './embedded.stage.js';
import { openRealStage } from './real.stage.js';
import type { Stage, StageOptions } from './stage.types.js';

export { steppedUp } from './step-up.press.js';
export type { Person, Stage } from './stage.types.js';
export { openRealStage, type RealStage } from './real.stage.js';

/** More than a test says to one chat; the limits of groups and of all chats together stay Telegram's. */
const briskChats = { chatBurst: 1_000 };

/** For `describe.each`: one suite, both platforms. */
export const stageKinds = [
  { title: 'embedded parts', isThere: true, open: openEmbeddedStage },
  { title: 'real engines', isThere: hasRealEngines, open: openRealStage },
] as const;

/** A stage for the tests of the surrounding suite. Where there are no real engines they are reported as skipped, by name. */
export function useStage({ isThere, open }: (typeof stageKinds)[number], options: StageOptions = {}): () => Stage {
  let stage: Stage | undefined;
  beforeAll(async () => {
    if (!isThere) return;
    stage = await open(options);
    if (options.chatPace !== 'real') stage.emulator.changeLimits(briskChats);
  });
  afterAll(() => stage?.stop());
  beforeEach(({ skip }) => skip(!isThere, 'the real engines are not there'));
  reportLogsOnFailure(() => stage);
  return () => {
    if (!stage) throw new Error('there is no stage before the tests begin');
    return stage;
  };
}
