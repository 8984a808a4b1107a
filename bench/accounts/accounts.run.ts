import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { BusinessEventReported, CreateRule, DebitHold, FreezePoints, SwitchRule } from '#contracts';
import type { EventMessage } from '#messaging';
import { runClosedLoop, type ClosedLoopResult } from '../load/closed.loop.js';
import type { MachineFacts } from '../machine/machine.facts.js';
import { callOf } from '../platform/bench.call.js';
import { sqlNow, type PointsPlace } from '../points/points.place.js';
import { commandsInFlight, rawConnections, type AccountsPlan } from './accounts.plan.js';
import type { AccountsResult, PostingFigure } from './accounts.result.js';
import { rawPostings } from './raw.postings.js';

/** Whose account each way of posting heats. */
const hot = { raw: 1, events: 2, commands: 3 } as const;
const firstSpread = 1_000;
const balanceAtStart = 100_000_000;
const frozen = 10_000_000;
const eventsPerMessage = 100;
const arriveWithinMs = 300_000;
const lookEveryMs = 20;
const admin = () => callOf(900, 'super_admin');

/** Postings to one account, by every way they come; and the same commands spread over many accounts. */
export class AccountsRun {
  constructor(
    private readonly plan: AccountsPlan,
    private readonly place: PointsPlace,
    private readonly say: (line: string) => void,
  ) {}

  async run(machine: MachineFacts): Promise<AccountsResult> {
    const { plan, place } = this;
    await place.start();
    const holds = await this.seed();
    await this.switchRuleOn();
    const rounds = [];
    for (let round = 0; round < plan.rounds; round += 1) {
      const raw = await this.raw();
      const events = await this.events();
      const commands = await this.commands(() => holds.hot);
      const spread = await this.commands((sequence) => holds.spread[sequence % holds.spread.length] as number);
      this.say(
        `postings/s: raw ${raw}, by events ${events}, by commands ${commands.perSecond}, spread ${spread.perSecond}`,
      );
      rounds.push({ raw, events, commands, spread });
    }
    const [wrong, accounts] = [await this.wrongBalances(), 2 + plan.spread];
    return {
      measuredAt: new Date().toISOString(),
      plan,
      machine,
      raw: medianOf(rounds.map(({ raw }) => raw)),
      events: medianOf(rounds.map(({ events }) => events)),
      commands: figureOf(rounds.map(({ commands }) => commands)),
      spread: figureOf(rounds.map(({ spread }) => spread)),
      books: { accounts, wrong },
    };
  }

  /** Accounts with their opening record; those that commands debit have points on hold. */
  private async seed(): Promise<{ hot: number; spread: number[] }> {
    const { place, plan } = this;
    const spread = Array.from({ length: plan.spread }, (_, index) => firstSpread + index);
    const accounts = [...Object.values(hot), ...spread];
    const now = sqlNow();
    await place.database.query('INSERT INTO point_accounts (user_id, balance, frozen, version, updated_at) VALUES ?', [
      accounts.map((id) => [id, balanceAtStart, 0, 1, now]),
    ]);
    await place.database.query(
      'INSERT INTO point_records (user_id, points, type, description, balance_after, idempotency_key, created_at) VALUES ?',
      [accounts.map((id) => [id, balanceAtStart, 5, 'bench', balanceAtStart, `bench:${id}`, now])],
    );
    const freeze = async (userId: number): Promise<number> =>
      (await place.client.command(FreezePoints, { user_id: userId, points: frozen, reason: 'bench' }, admin())).id;
    const holdOfHot = await freeze(hot.commands);
    const holds: number[] = [];
    for (const userId of spread) holds.push(await freeze(userId));
    return { hot: holdOfHot, spread: holds };
  }

  private async switchRuleOn(): Promise<void> {
    const { client } = this.place;
    const rule = {
      title: { zh: '测试', en: 'Bench', ru: 'Замер' },
      event_type: BusinessEventReported.name,
      condition: { '==': [{ var: 'kind' }, 'product_shared'] },
      points: 1,
      daily_limit: 1_000_000,
    };
    const { id } = await client.command(CreateRule, rule, admin());
    await client.command(SwitchRule, { id, enabled: true }, admin());
  }

  private raw(): Promise<number> {
    const mysqlUrl = new URL(this.place.place.mysqlUrl);
    mysqlUrl.pathname = `/${this.place.place.databaseOf('points')}`;
    return rawPostings(mysqlUrl.href, { account: hot.raw, connections: rawConnections, seconds: this.plan.seconds });
  }

  /** Events that a rule rewards, as a busy shop would report them; until the last one is posted. */
  private async events(): Promise<number> {
    const { place, plan } = this;
    const balance = (): Promise<number> =>
      place.number('SELECT balance FROM point_accounts WHERE user_id = ?', [hot.events]);
    const wanted = (await balance()) + plan.events;
    const startedAt = performance.now();
    for (let from = 0; from < plan.events; from += eventsPerMessage) {
      await place.events.publish(Array.from({ length: eventsPerMessage }, () => reported(hot.events)));
    }
    while ((await balance()) < wanted) {
      if (performance.now() - startedAt > arriveWithinMs) throw new Error('the events were not posted in time');
      await pause(lookEveryMs);
    }
    return Math.round(plan.events / ((performance.now() - startedAt) / 1_000));
  }

  private commands(holdOf: (sequence: number) => number): Promise<ClosedLoopResult> {
    const { client } = this.place;
    return runClosedLoop({
      width: commandsInFlight,
      seconds: this.plan.seconds,
      send: (sequence, answered) => {
        const wish = { hold_id: holdOf(sequence), points: 1, reason: 'bench' };
        client.command(DebitHold, wish, admin(), { idempotencyKey: randomUUID() }).then(
          () => answered(200, 'debit'),
          () => answered(500, 'debit'),
        );
      },
    });
  }

  /** Accounts, but for the raw one, whose records do not make their balance. */
  private wrongBalances(): Promise<number> {
    return this.place.number(
      `SELECT COUNT(*) FROM point_accounts a WHERE a.user_id <> ${hot.raw} AND a.balance <>
       (SELECT COALESCE(SUM(r.points), 0) FROM point_records r WHERE r.user_id = a.user_id)`,
    );
  }
}

function reported(userId: number): EventMessage {
  const reference = randomUUID();
  return {
    id: reference,
    name: BusinessEventReported.name,
    service: 'points',
    occurred_at: new Date().toISOString(),
    call: admin(),
    payload: { kind: 'product_shared', reference, user_id: userId, amount: 0 },
  };
}

function medianOf(values: readonly number[]): PostingFigure {
  const sorted = [...values].sort((left, right) => left - right);
  return { perSecond: sorted[Math.floor(sorted.length / 2)] ?? 0, rounds: values };
}

function figureOf(rounds: readonly ClosedLoopResult[]): AccountsResult['commands'] {
  const middle = rounds[Math.floor(rounds.length / 2)];
  return {
    ...medianOf(rounds.map(({ perSecond }) => perSecond)),
    p50: middle?.latency.p50 ?? 0,
    p99: middle?.latency.p99 ?? 0,
    errors: rounds.reduce((sum, { errors }) => sum + errors, 0),
  };
}
