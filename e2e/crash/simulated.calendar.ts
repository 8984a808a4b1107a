const dayMs = 86_400_000;
/** The community's zone is 8 hours before UTC all year: its noon is 4 o'clock UTC. */
const noonUtcHours = 4;

/** Days of the run: each is lived around its noon, so that no midnight falls into it. The first one is tomorrow or later. */
export class SimulatedCalendar {
  private readonly firstNoon: number;

  constructor(now = Date.now()) {
    this.firstNoon = (Math.floor(now / dayMs) + 1) * dayMs + noonUtcHours * 3_600_000;
  }

  noonOf(day: number): Date {
    return new Date(this.firstNoon + day * dayMs);
  }

  /** What to add to the clock now for it to be noon of the day. */
  offsetMs(day: number): number {
    return this.noonOf(day).getTime() - Date.now();
  }
}

/** The community's date, `YYYY-MM-DD`. */
export function communityDay(instant: Date): string {
  return new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}
