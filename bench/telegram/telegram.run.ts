import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { RowDataPacket } from 'mysql2/promise';
import { ConfirmBroadcast, CreateBroadcast, GetBroadcast, PreviewBroadcast, TrialReset, type Call } from '#contracts';
import { LatencyRecorder } from '../load/latency.recorder.js';
import type { MachineFacts } from '../machine/machine.facts.js';
import { callOf } from '../platform/bench.call.js';
import { telegramIdOf } from '../platform/user.seeder.js';
import type { TelegramPlace } from './telegram.place.js';
import type { TelegramPlan } from './telegram.plan.js';
import type { TelegramResult } from './telegram.result.js';

const lanes = { code: 0, receipt: 2 } as const;
const silentSeconds = 12_966;
/** After the last code: what is on its way shall arrive. */
const settleMs = 5_000;
const wordOf = { code: 'code', receipt: 'receipt' } as const;

/** A broadcast to many, with codes, receipts and log lines in between, for as long as the plan says. */
export class TelegramRun {
  private readonly codesAt = new Map<number, number>();
  private nextOther: number;
  private lines = 0;

  constructor(
    private readonly plan: TelegramPlan,
    private readonly place: TelegramPlace,
    private readonly say: (line: string) => void,
  ) {
    this.nextOther = plan.recipients + 1;
  }

  async run(machine: MachineFacts): Promise<TelegramResult> {
    const { plan, place } = this;
    // One recipient's chat is told to be silent for hours: nobody else may wait for it, and it must not be forgotten.
    const silent = telegramIdOf(10);
    place.emulator.injectFault({ kind: 'rate_limited', retryAfter: silentSeconds, chatId: silent });
    const id = await this.beginBroadcast();
    this.say(`broadcast ${id} has begun; ${plan.seconds} seconds with codes, receipts and log lines in between ...`);
    await this.during(plan.seconds * 1_000);
    await pause(settleMs);
    const { status, progress } = await place.client.query(GetBroadcast, { id }, adminCall());
    const [silentRow] = await this.rows(
      'SELECT attempts, status FROM deliveries WHERE broadcast_id = ? AND user_id = 10',
      [id],
    );
    return {
      measuredAt: new Date().toISOString(),
      plan,
      machine,
      ...this.figures(),
      broadcast: { sent: progress.sent, duplicates: this.duplicates(), status },
      silentChat: {
        retryAfterSeconds: silentSeconds,
        attempts: Number(silentRow?.['attempts'] ?? -1),
        status: String(silentRow?.['status'] ?? 'not reached'),
      },
    };
  }

  private async beginBroadcast(): Promise<number> {
    const { client } = this.place;
    const draft = {
      title: 'Bench',
      texts: { en: 'A word to everybody' },
      fallback: null,
      segment: { locales: ['en' as const] },
    };
    const { id } = await client.command(CreateBroadcast, draft, adminCall());
    const { recipients, digest } = await client.query(PreviewBroadcast, { id }, adminCall());
    await client.command(ConfirmBroadcast, { id, recipients, digest }, adminCall());
    return id;
  }

  private async during(milliseconds: number): Promise<void> {
    const stop = new AbortController();
    const { codeEveryMs, receiptEveryMs, logLineEveryMs } = this.plan;
    const work = [
      every(codeEveryMs, stop.signal, () => this.writeDelivery('code')),
      every(receiptEveryMs, stop.signal, () => this.writeDelivery('receipt')),
      every(logLineEveryMs, stop.signal, () => this.writeLine()),
    ];
    await pause(milliseconds);
    stop.abort();
    await Promise.all(work);
  }

  /** As a handler would write it; the sender finds it by itself. */
  private async writeDelivery(lane: keyof typeof lanes): Promise<void> {
    const user = this.nextOther;
    this.nextOther += 1;
    if (this.nextOther > this.plan.recipients + this.plan.others) this.nextOther = this.plan.recipients + 1;
    const now = new Date();
    const time = (at: Date): string => at.toISOString().replace('T', ' ').slice(0, 23);
    if (lane === 'code') this.codesAt.set(telegramIdOf(user), now.getTime());
    await this.place.database.query(
      `INSERT INTO deliveries (dedupe_key, user_id, channel, template, params, lane, status, attempts, due_at, expires_at, request_id,
        created_at) VALUES (?, ?, 'telegram', 'broadcast', ?, ?, 'pending', 0, ?, ?, 'bench', ?)`,
      [
        randomUUID(),
        user,
        JSON.stringify({ texts: { ru: wordOf[lane] }, fallback: 'ru' }),
        lanes[lane],
        time(now),
        time(new Date(now.getTime() + 3_600_000)),
        time(now),
      ],
    );
  }

  private async writeLine(): Promise<void> {
    this.lines += 1;
    await this.place.events.publish([
      {
        id: randomUUID(),
        name: TrialReset.name,
        service: 'entitlement',
        occurred_at: new Date().toISOString(),
        call: adminCall(),
        payload: { user_id: 1, reason: `line ${this.lines}` },
      },
    ]);
  }

  private figures() {
    const { emulator, group } = this.place;
    const calls = emulator.calls('sendMessage');
    const accepted = calls.filter(({ ok }) => ok);
    const codes = new LatencyRecorder();
    for (const { at, parameters } of accepted) {
      const since = this.codesAt.get(Number(parameters['chat_id']));
      if (parameters['text'] === wordOf.code && since !== undefined) codes.add(at - since);
    }
    const { count, p50, p99, max } = codes.summary();
    const times = accepted.map(({ at }) => at);
    const groupTimes = accepted
      .filter(({ parameters }) => Number(parameters['chat_id']) === group.id)
      .map(({ at }) => at);
    const texts = group.messages().flatMap(({ text }) => (text === undefined ? [] : [text]));
    return {
      violations: emulator.violations().length,
      refused: calls.length - accepted.length,
      messages: accepted.length,
      mostInASecond: mostWithin(times, 1_000),
      mostIntoTheGroupInAMinute: mostWithin(groupTimes, 60_000),
      codes: { count, p50, p99, max },
      log: { lines: texts.join('\n').match(/line \d+/g)?.length ?? 0, messages: texts.length },
    };
  }

  private duplicates(): number {
    const seen = new Map<unknown, number>();
    for (const { ok, parameters } of this.place.emulator.calls('sendMessage')) {
      if (!ok || parameters['text'] !== 'A word to everybody') continue;
      seen.set(parameters['chat_id'], (seen.get(parameters['chat_id']) ?? 0) + 1);
    }
    return [...seen.values()].filter((times) => times > 1).length;
  }

  private async rows(sql: string, values: unknown[]): Promise<RowDataPacket[]> {
    const [rows] = await this.place.database.query<RowDataPacket[]>(sql, values);
    return rows;
  }
}

async function every(milliseconds: number, stop: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!stop.aborted) {
    await work();
    await pause(milliseconds, undefined, { signal: stop }).catch(() => undefined);
  }
}

/** The most of these times (ascending) that lie within one window of this length. */
function mostWithin(times: readonly number[], windowMs: number): number {
  let first = 0;
  let most = 0;
  for (const [index, time] of times.entries()) {
    while (time - (times[first] ?? time) >= windowMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

function adminCall(): Call {
  return callOf(1, 'super_admin');
}
