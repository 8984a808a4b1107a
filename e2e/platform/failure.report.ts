import { afterEach } from 'vitest';

/** Shows the ends of the platform's logs when a test of this file fails. */
export function reportLogsOnFailure(platform: () => { logs(): string } | undefined): void {
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(`${platform()?.logs() ?? 'the platform did not start'}\n`);
  });
}
