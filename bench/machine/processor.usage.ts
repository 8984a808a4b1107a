import { readdirSync, readFileSync } from 'node:fs';

/** Processor time in clock ticks (1/100 s) by name. */
type Ticks = Map<string, number>;

const ticksPerSecond = 100;
/** Every tick in which a processor was busy; what no living process of ours or of an engine used are the others. */
const everybody = 'everybody';
const engineNames = ['mariadbd', 'mysqld', 'beam.smp', 'ferretdb', 'mongod'];

/** Cores used by name over an interval; what belongs to neither us nor an engine is `others`. */
export type CoresByName = Record<string, number>;

/**
 * Measures who uses the processors between `begin` and `end`. On systems without /proc everything is empty; engines that
 * were not started by tools/services are among the others.
 */
export class ProcessorUsage {
  private before: Ticks = new Map();
  private beganAt = 0;
  private readonly engines = new Map<number, string | undefined>();

  constructor(
    private readonly ownNames: () => ReadonlyMap<number, string>,
    private readonly servicesDirectory: string,
  ) {}

  begin(): void {
    this.before = this.read();
    this.beganAt = performance.now();
  }

  end(): CoresByName {
    const seconds = (performance.now() - this.beganAt) / 1000;
    const cores: CoresByName = {};
    let others = 0;
    for (const [name, ticks] of this.read()) {
      const used = Math.max(0, ticks - (this.before.get(name) ?? 0)) / ticksPerSecond / seconds;
      others += name === everybody ? used : -used;
      if (used >= 0.005 && name !== everybody) cores[name] = rounded(used);
    }
    return { ...cores, others: rounded(Math.max(0, others)) };
  }

  private read(): Ticks {
    const ticks: Ticks = new Map();
    const own = this.ownNames();
    for (const entry of processDirectories()) {
      const pid = Number(entry);
      const fields = statOf(pid);
      if (!fields) continue;
      const name = own.get(pid) ?? this.engineOf(pid, fields.command) ?? (pid === process.pid ? 'bench' : undefined);
      if (name) ticks.set(name, (ticks.get(name) ?? 0) + fields.ticks);
    }
    return ticks.set(everybody, busyTicks());
  }

  /** Another checkout's engines have the same names: ours carry our directory in their command line. */
  private engineOf(pid: number, command: string): string | undefined {
    if (this.engines.has(pid)) return this.engines.get(pid);
    const name = engineNames.find((engine) => command.startsWith(engine.slice(0, 15)));
    const engine = name && commandLineOf(pid).includes(this.servicesDirectory) ? name : undefined;
    this.engines.set(pid, engine);
    return engine;
  }
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function rounded(cores: number): number {
  return Math.round(cores * 100) / 100;
}

/** Ticks of all processors that were neither idle nor waiting for a disk. */
function busyTicks(): number {
  try {
    const [, ...ticks] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/ +/).map(Number);
    const [user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0] = ticks;
    return user + nice + system + interrupts + softInterrupts;
  } catch {
    return 0;
  }
}

function processDirectories(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  } catch {
    return [];
  }
}

function statOf(pid: number): { command: string; ticks: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const command = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { command, ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return null;
  }
}
