import { ConfigurationError } from '#config';

interface Stoppable {
  stop(): Promise<void>;
}

const stopTimeoutMs = 30_000;

/** Runs something as this process's whole life: stops it in order on SIGTERM and SIGINT, and ends with 1 when it cannot start. */
export async function runProcess(start: () => Promise<Stoppable>): Promise<void> {
  let running: Stoppable;
  try {
    running = await start();
  } catch (error) {
    process.stderr.write(
      `${error instanceof ConfigurationError ? error.message : String((error as Error).stack ?? error)}\n`,
    );
    process.exit(1);
  }
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopTimeoutMs).unref();
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
