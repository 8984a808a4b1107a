import type { MachineFacts } from '../machine/machine.facts.js';
import type { TelegramPlan } from './telegram.plan.js';

export interface TelegramResult {
  readonly measuredAt: string;
  readonly plan: TelegramPlan;
  readonly machine: MachineFacts;
  /** Calls that broke a limit of Telegram's, as the emulator counts. */
  readonly violations: number;
  readonly refused: number;
  readonly messages: number;
  readonly mostInASecond: number;
  readonly mostIntoTheGroupInAMinute: number;
  /** Milliseconds from the row of a code to Telegram. */
  readonly codes: { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number };
  readonly broadcast: { readonly sent: number; readonly duplicates: number; readonly status: string };
  readonly log: { readonly lines: number; readonly messages: number };
  readonly silentChat: { readonly retryAfterSeconds: number; readonly attempts: number; readonly status: string };
}
