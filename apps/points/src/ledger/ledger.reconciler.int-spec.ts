import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AdjustPoints,
  CheckIn,
  FreezePoints,
  LedgerImbalanceFound,
  LedgerSealed,
  ListImbalances,
  ReverseRecord,
  VerifyLedger,
} from '#contracts';
import type { Database, SqlValue } from '#database';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { pointsService } from '../points.module.js';
import { runLedgerCommand } from './ledger-command.application.js';

const admin = memberCall(900, 'admin', { stepped_up: true });
const reason = 'asked for by the test';

onEachDatabase('ledger books', (engine) => {
  let host: ServiceHost;
  let database: Database;
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine, { POINTS_JOB_INTERVAL_MS: '50' });
    database = host.service.runtime.database as Database;
  });
  afterAll(() => host.stop());

  /** By hand, past the ledger. */
  const tamper = (sql: string, values: readonly SqlValue[] = []) =>
    database.transaction((tx) => tx.execute(sql, values));
  const checkIn = (userId: number) => host.client.command(CheckIn, {}, memberCall(userId));
  const imbalances = async () =>
    (await host.client.query(ListImbalances, {}, admin)).items.map(({ user_id, problem }) => [user_id, problem]);
  const verify = () => host.client.query(VerifyLedger, {}, admin);
  const maxId = async () =>
    Number((await database.reader.one<{ id: number }>('SELECT MAX(id) AS id FROM point_records'))?.id);
  const allSealed = () =>
    eventually(async () => {
      const newest = await maxId();
      const row = await database.reader.one<{ id: number | null }>('SELECT MAX(last_id) AS id FROM ledger_seals');
      expect(row?.id).toBe(newest);
    });
  const command = async (word: string) => {
    const lines: string[] = [];
    const { dataDirectory, mysqlUrl } = engine.place;
    const environment = { DATA_DIR: dataDirectory, ...(mysqlUrl && { MYSQL_URL: mysqlUrl }) };
    const code = await runLedgerCommand(word.split(' '), (text) => void lines.push(text), environment);
    return { code, text: lines.join('') };
  };

  it('P-01: seals what was posted, tells it, and finds nothing wrong with it', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => checkIn(1 + index)));
    await host.client.command(FreezePoints, { user_id: 1, points: 4, reason }, admin);
    await allSealed();
    const verified = await verify();
    expect(verified).toMatchObject({ checked_records: 20, problems: [], next_after_seal_id: null });
    await eventually(() => {
      const seals = host.payloadsOf(LedgerSealed);
      expect(seals.reduce((sum, { records }) => sum + records, 0)).toBe(20);
      expect(seals.at(-1)?.digest).toBe(verified.digest);
    });
    expect(await imbalances()).toEqual([]);
    expect(await command('reconcile')).toEqual({ code: 0, text: '20 accounts, 0 with books that do not add up\n' });
    expect((await command('verify')).code).toBe(0);
    expect((await command('verify all')).code).toBe(2);
    expect((await command('')).text).toContain('usage');
  });

  it('P-01: finds a balance, a hold or a record that somebody changed by hand, and sees when it is right again', async () => {
    await tamper('UPDATE point_accounts SET balance = balance + 5 WHERE user_id = 2');
    await tamper('UPDATE point_holds SET remaining = 3 WHERE user_id = 1');
    await tamper('UPDATE point_records SET balance_after = 11 WHERE user_id = 3');
    await eventually(async () =>
      expect(await imbalances()).toEqual([
        [1, 'frozen'],
        [2, 'balance'],
        [3, 'record_balance'],
      ]),
    );
    const { code, text } = await command('reconcile');
    expect(code).toBe(1);
    expect(text).toContain('account 2: balance should be 10 and is 15\n');
    expect(text).toContain('account 1: frozen should be 3 and is 4\n');
    expect(text).toContain('account 3: record_balance should be 10 and is 11\n');
    // The round tells its figure at its end, when its rows can be read already.
    await eventually(async () => {
      const metrics = await host.service.runtime.metrics.registry.metrics();
      expect(metrics).toMatch(/coser_points_ledger_imbalance\{service="points"\} 3\n/);
    });
    await eventually(() =>
      expect(host.payloadsOf(LedgerImbalanceFound).map(({ user_id }) => user_id)).toEqual(
        expect.arrayContaining([1, 2, 3]),
      ),
    );
    await tamper('UPDATE point_accounts SET balance = balance - 5 WHERE user_id = 2');
    await tamper('UPDATE point_holds SET remaining = 4 WHERE user_id = 1');
    await tamper('UPDATE point_records SET balance_after = 10 WHERE user_id = 3');
    await eventually(async () => expect(await imbalances()).toEqual([]));
  });

  it('P-01: finds a sealed row that was changed, removed or inserted, by command and by REST', async () => {
    const original = await database.reader.one<{ description: string }>(
      'SELECT description FROM point_records WHERE id = 5',
    );
    await tamper("UPDATE point_records SET description = 'another day' WHERE id = 5");
    expect((await verify()).problems).toMatchObject([{ problem: 'row_changed' }]);
    const { code, text } = await command('verify');
    expect([code, text]).toEqual([1, expect.stringMatching(/records \d+ to \d+: row_changed\n/)]);
    await tamper('UPDATE point_records SET description = ? WHERE id = 5', [original?.description ?? '']);
    expect((await verify()).problems).toEqual([]);

    const row = await database.reader.one<Record<string, SqlValue>>('SELECT * FROM point_records WHERE id = 6');
    await tamper('DELETE FROM point_records WHERE id = 6');
    expect((await verify()).problems).toMatchObject([{ problem: 'row_removed' }]);
    await database.transaction((tx) => tx.insert('point_records', { ...row }));
    expect((await verify()).problems).toEqual([]);
  });

  it('P-01: waits with a gap of ids that may still be filled, and seals past it when it cannot', async () => {
    // A posting that was rolled back has used up its id.
    await database
      .transaction(async (tx) => {
        const row = { user_id: 50, points: 1, type: 1, description: null, balance_after: 1, idempotency_key: 'lost' };
        await tx.insert('point_records', { ...row, created_at: '2026-03-01 00:00:00.000' });
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    if (engine.dialect === 'sqlite')
      await tamper("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'point_records'");
    const before = await maxId();
    await checkIn(51);
    const newest = await maxId();
    expect(newest).toBeGreaterThan(before + 1);
    await eventually(async () => expect((await verify()).checked_seals).toBeGreaterThan(0));
    expect((await verify()).checked_records).toBe(20);
    await host.moveClock(600_000);
    await allSealed();
    expect(await verify()).toMatchObject({ checked_records: 21, problems: [] });
    const forged = { user_id: 51, points: 1, type: 1, description: null, balance_after: 11, idempotency_key: 'forged' };
    await database.transaction((tx) =>
      tx.insert('point_records', { id: before + 1, ...forged, created_at: '2026-03-01 00:00:00.000' }),
    );
    expect((await verify()).problems).toMatchObject([{ problem: 'row_inserted' }]);
    await tamper('DELETE FROM point_records WHERE id = ?', [before + 1]);
    await host.moveClock(0);
  });

  it('P-01, E-02: finds points that were never earned, or taken from who earned them', async () => {
    const record = async (userId: number) =>
      await database.reader.one<{ id: number }>('SELECT id FROM point_records WHERE user_id = ? LIMIT 1', [userId]);
    // Given by an admin and not earned; earned and taken back; earned.
    await host.client.command(AdjustPoints, { user_id: 4, points: 7, reason }, admin);
    await host.client.command(ReverseRecord, { record_id: (await record(5))?.id ?? 0, reason }, admin);
    expect(await command('reconcile')).toMatchObject({ code: 0 });
    await tamper('UPDATE point_accounts SET lifetime_earned = lifetime_earned + 7 WHERE user_id IN (4, 5)');
    await tamper('UPDATE point_accounts SET lifetime_earned = 0 WHERE user_id = 6');
    await eventually(async () =>
      expect(await imbalances()).toEqual([4, 5, 6].map((userId) => [userId, 'lifetime_earned'])),
    );
    const { code, text } = await command('reconcile');
    expect([code, text]).toEqual([
      1,
      'account 4: lifetime_earned should be 10 and is 17\n' +
        'account 5: lifetime_earned should be 0 and is 7\n' +
        'account 6: lifetime_earned should be 10 and is 0\n' +
        '21 accounts, 3 with books that do not add up\n',
    ]);
    await eventually(async () => {
      const metrics = await host.service.runtime.metrics.registry.metrics();
      expect(metrics).toMatch(/coser_points_ledger_imbalance\{service="points"\} 3\n/);
    });
    await eventually(() =>
      expect(host.payloadsOf(LedgerImbalanceFound)).toEqual(
        expect.arrayContaining([{ user_id: 6, problem: 'lifetime_earned', expected: 10, found: 0 }]),
      ),
    );
    await tamper('UPDATE point_accounts SET lifetime_earned = lifetime_earned - 7 WHERE user_id IN (4, 5)');
    await tamper('UPDATE point_accounts SET lifetime_earned = 10 WHERE user_id = 6');
    await eventually(async () => expect(await imbalances()).toEqual([]));
  });

  it('P-01: shows the books to admins only', async () => {
    for (const query of [VerifyLedger, ListImbalances]) {
      await expect(host.client.query(query, {}, memberCall(1))).rejects.toMatchObject({ errorName: 'auth.forbidden' });
    }
  });
});
