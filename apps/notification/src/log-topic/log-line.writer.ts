import { Injectable } from '@nestjs/common';
import { sqlTime, type SqlRow, type Tx } from '#database';
import type { EventContext } from '#messaging';
import { InjectSettings } from '#service';
import type { NotificationSettings } from '../notification.env.js';
import { oneLine } from '../sender/wording.rules.js';
import { isAlarm, isForAdmin, type LineKind } from './log-line.rules.js';

/** Who a line is about, and what its sentence needs. */
export type LineParams = Readonly<Record<string, string | number | null>>;

/** More are not kept one by one, only counted by kind. */
const linesKeptAtMost = 5_000;
/** Characters of what somebody typed; nothing of it may look like a line of its own. */
const longestText = 120;

/** Leaves lines for the log topic in the transaction of the event that they tell of. */
@Injectable()
export class LogLineWriter {
  private readonly writesAll: boolean;
  private readonly writesAlarms: boolean;

  constructor(@InjectSettings() { LOG_CHAT_ID, TELEGRAM_ADMIN_ID }: NotificationSettings) {
    this.writesAll = LOG_CHAT_ID !== undefined;
    this.writesAlarms = this.writesAll || TELEGRAM_ADMIN_ID !== undefined;
  }

  write({ gather, message }: EventContext, kind: LineKind, params: LineParams): void {
    if (!(isForAdmin(kind) ? this.writesAlarms : this.writesAll)) return;
    const short = Object.fromEntries(
      Object.entries(params).map(([name, value]) => [
        name,
        typeof value === 'string' ? oneLine(value, longestText) : value,
      ]),
    );
    gather(writeLines, {
      line_key: message.id,
      kind,
      params: JSON.stringify(short),
      happened_at: sqlTime(new Date(message.occurred_at)),
      repeats: 1,
    });
  }
}

interface LineRow extends SqlRow {
  kind: LineKind;
  happened_at: string;
}

async function writeLines(rows: readonly LineRow[], tx: Tx): Promise<void> {
  const kept = await tx.count('log_lines');
  const room = Math.max(0, linesKeptAtMost - kept);
  const inFull = rows.filter((row, index) => index < room || isAlarm(row.kind));
  if (inFull.length > 0) await tx.upsert('log_lines', inFull, { conflict: ['line_key'] });
  for (const row of rows.filter((candidate) => !inFull.includes(candidate))) {
    const key = `more:${row.kind}`;
    await tx.upsert('log_lines', { ...row, line_key: key, params: '{}', repeats: 0 }, { conflict: ['line_key'] });
    await tx.execute('UPDATE log_lines SET repeats = repeats + 1 WHERE line_key = ?', [key]);
  }
}
