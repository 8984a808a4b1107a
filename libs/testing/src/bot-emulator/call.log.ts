import { bounds } from './emulator.options.js';

/** One call of the Bot API as it came in, with how it ended. */
export interface RecordedCall {
  method: string;
  parameters: Record<string, unknown>;
  /** Epoch milliseconds. */
  at: number;
  ok: boolean;
  /** Telegram's error code, absent on success. */
  errorCode?: number;
}

/** The newest calls, oldest first; long polls are left out unless they fail, because they would crowd out the rest. */
export class CallLog {
  private readonly calls: RecordedCall[] = [];

  add(call: RecordedCall): void {
    if (call.method === 'getUpdates' && call.ok) {
      return;
    }
    this.calls.push(call);
    if (this.calls.length > bounds.recordedCalls) {
      this.calls.shift();
    }
  }

  list(method?: string): RecordedCall[] {
    const wanted = method?.toLowerCase();
    return this.calls.filter((call) => wanted === undefined || call.method.toLowerCase() === wanted);
  }

  clear(): void {
    this.calls.length = 0;
  }
}
