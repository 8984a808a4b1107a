import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database, type Reader } from '#database';
import { sharedMigrations, sharedPersonalData, type PersonalTable, type Tables } from '#service';
import { onEachDatabase } from '#testing/engines';
import { entitlementService } from '../../apps/entitlement/src/entitlement.module.js';
import { notificationService } from '../../apps/notification/src/notification.module.js';
import { pointsService } from '../../apps/points/src/points.module.js';
import { userService } from '../../apps/user/src/user.module.js';

const services = [userService, entitlementService, pointsService, notificationService];
/** Columns that name a member, whatever comes before. */
const memberColumn = /(^|_)user_id$/;
const advice = (service: string): string =>
  `a column names members and is not in apps/${service}/src/personal.data.ts. Add { table, member: '<the column>', key, onErasure, ` +
  `archive } there: what becomes of the rows when the member is erased, and what of them goes into the member's archive. ` +
  `See "Data about members" in CONTRIBUTING.md`;

async function columnsOf(reader: Reader): Promise<{ table: string; column: string }[]> {
  if (reader.dialect === 'mysql') {
    return reader.query(
      `SELECT table_name AS \`table\`, column_name AS \`column\` FROM information_schema.columns
       WHERE table_schema = DATABASE()`,
    );
  }
  const tables = await reader.query<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'");
  const columns = tables.map(async ({ name }) => {
    const rows = await reader.query<{ name: string }>(`PRAGMA table_info(${name})`);
    return rows.map((row) => ({ table: name, column: row.name }));
  });
  return (await Promise.all(columns)).flat();
}

/** The columns of its table that an entry speaks of. */
function spokenOf({ table, member, key, archive, onErasure }: PersonalTable): { table: string; column: string }[] {
  const archived = archive === 'nothing' ? [] : archive;
  const changed = typeof onErasure === 'string' ? [] : Object.keys(onErasure);
  const own = typeof member === 'string' ? member : member.column;
  const columns = [own, ...key.split(', '), ...archived, ...changed].map((column) => ({ table, column }));
  if (typeof member === 'string') return columns;
  return [...columns, { table: member.table, column: member.key }, { table: member.table, column: member.member }];
}

onEachDatabase('U-15: what is kept about members', (engine) => {
  describe.each(services)('by $name', ({ name, tables, personalData = [] }) => {
    let database: Database;
    beforeAll(async () => {
      database = await Database.open({
        service: name,
        mysqlUrl: engine.place.mysqlUrl,
        dataDirectory: engine.place.dataDirectory,
        entities: [],
        migrations: [...sharedMigrations, ...(tables as Tables).migrations],
      });
      await database.migrate();
    });
    afterAll(() => database.close());
    const listed = [...personalData, ...sharedPersonalData];

    it('is listed, column by column', async () => {
      const found = (await columnsOf(database.reader)).filter(({ column }) => memberColumn.test(column));
      const known = new Set(listed.map(({ table, member }) => `${table}.${typeof member === 'string' ? member : ''}`));
      const forgotten = found.map(({ table, column }) => `${table}.${column}`).filter((path) => !known.has(path));
      expect(forgotten, advice(name)).toEqual([]);
    });

    it('has the columns that the list speaks of', async () => {
      const existing = new Set((await columnsOf(database.reader)).map(({ table, column }) => `${table}.${column}`));
      const wanted = listed.flatMap(spokenOf).map(({ table, column }) => `${table}.${column}`);
      expect(wanted.filter((path) => !existing.has(path))).toEqual([]);
    });

    it('is kept with a reason only', () => {
      const kept = listed.filter(({ onErasure, why }) => onErasure !== 'erase' && (why ?? '').length < 20);
      expect(kept.map(({ table }) => table)).toEqual([]);
    });
  });
});
