import { join } from 'node:path';
import { renewSection, storeResultFile } from '../report/section.file.js';
import { telegramTargets } from './telegram.plan.js';
import type { TelegramResult } from './telegram.result.js';

/** Whether what is promised came out. */
export function keptPromises(result: TelegramResult): boolean {
  return (
    result.violations <= telegramTargets.violations &&
    result.codes.p99 <= telegramTargets.codeP99Ms &&
    result.broadcast.duplicates <= telegramTargets.duplicates
  );
}

export function telegramText(result: TelegramResult): string {
  const { plan, codes, broadcast, log, silentChat, machine } = result;
  const verdict = (isKept: boolean): string => (isKept ? 'reached' : 'MISSED');
  return [
    `Measured ${result.measuredAt}: ${plan.seconds} s on ${machine.cores} cores (${machine.processor}), Node ${machine.node}, ` +
      `${machine.database}; load average before the run ${machine.loadBefore}.`,
    '',
    '| promise | wanted | measured |  |',
    '| --- | --- | --- | --- |',
    `| calls above a limit of Telegram | 0 | ${result.violations} | ${verdict(result.violations <= telegramTargets.violations)} |`,
    `| codes during the broadcast, p99 | <= ${telegramTargets.codeP99Ms} ms | ${codes.p99} ms | ` +
      `${verdict(codes.p99 <= telegramTargets.codeP99Ms)} |`,
    `| members who got the broadcast twice | 0 | ${broadcast.duplicates} | ${verdict(broadcast.duplicates === 0)} |`,
    '',
    `${result.messages} messages, at most ${result.mostInASecond} in any second (30 are allowed) and ` +
      `${result.mostIntoTheGroupInAMinute} into the log group in any minute (20). Broadcast to ${plan.recipients}: ` +
      `${broadcast.sent} sent when the time was over, state ${broadcast.status}. ${codes.count} codes: p50 ${codes.p50} ms, ` +
      `p99 ${codes.p99} ms, at most ${codes.max} ms from the row to Telegram. ${log.lines} log lines in ${log.messages} messages. ` +
      `The chat that was told to be silent for ${silentChat.retryAfterSeconds} s is ${silentChat.status} with ` +
      `${silentChat.attempts} attempts spent; ${result.refused} call was refused, the one that said so.`,
  ].join('\n');
}

/** Stores the result; a standard run also renews the figures of its report. */
export function storeTelegramResult(result: TelegramResult, root: string): void {
  storeResultFile(root, result.plan.mode, result);
  if (result.plan.mode !== 'telegram') return;
  renewSection(join(root, 'bench/TELEGRAM.md'), 'telegram', telegramText(result));
}
