/** A dependency and the question whether it answers. */
export interface HealthProbe {
  readonly name: string;
  check(): Promise<void>;
}

export interface HealthReport {
  readonly status: 'ok' | 'unavailable' | 'draining';
  readonly service: string;
  readonly checks: Record<string, { status: 'up' | 'down'; error?: string }>;
}

const probeTimeoutMs = 1_000;

/** Liveness is the event loop alone; readiness asks every dependency, so that an outage takes traffic away but restarts nobody. */
export class Health {
  private readonly probes: HealthProbe[] = [];
  private draining = false;

  constructor(readonly service: string) {}

  add(probe: HealthProbe): void {
    this.probes.push(probe);
  }

  /** From now on not ready: the edge stops sending requests while those in flight finish. */
  drain(): void {
    this.draining = true;
  }

  async ready(): Promise<HealthReport> {
    const results = await Promise.all(
      this.probes.map(async ({ name, check }) => {
        try {
          await withTimeout(check());
          return [name, { status: 'up' as const }] as const;
        } catch (error) {
          return [name, { status: 'down' as const, error: reasonOf(error) }] as const;
        }
      }),
    );
    const checks = Object.fromEntries(results);
    const allUp = results.every(([, { status }]) => status === 'up');
    return { status: this.draining ? 'draining' : allUp ? 'ok' : 'unavailable', service: this.service, checks };
  }
}

async function withTimeout(check: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), probeTimeoutMs);
  });
  try {
    await Promise.race([check, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Only the kind of failure: messages of drivers can hold addresses and accounts. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.message === 'no answer in time') return error.message;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'failed';
}
