/**
 * Counts messages that Telegram may be counting: those on their way, and those answered less than a window ago. Whatever the network
 * does between us and Telegram, no window of Telegram's clock holds more than `limit`.
 */
export class SendingCounter {
  private onTheWay = 0;
  /** When each answered message stops counting, oldest first. */
  private releases: number[] = [];

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  hasRoom(now: number): boolean {
    this.forget(now);
    return this.onTheWay + this.releases.length < this.limit;
  }

  take(): void {
    this.onTheWay += 1;
  }

  answered(now: number): void {
    this.onTheWay = Math.max(0, this.onTheWay - 1);
    this.releases.push(now + this.windowMs);
  }

  /** The clock was set back by so much. */
  setBack(byMs: number): void {
    this.releases = this.releases.map((at) => at - byMs);
  }

  /** When the next message stops counting; undefined while none has been answered. */
  get nextRelease(): number | undefined {
    return this.releases[0];
  }

  private forget(now: number): void {
    while (this.releases[0] !== undefined && this.releases[0] <= now) this.releases.shift();
  }
}
