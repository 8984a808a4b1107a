import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getMetadataArgsStorage } from 'typeorm';
import { Database, type EntityClass, type Reader } from '#database';

import { sharedMigrations, type Tables } from '#service';
import { onEachDatabase } from '#testing/engines';
import { entitlementService } from '../../apps/entitlement/src/entitlement.module.js';
import { notificationService } from '../../apps/notification/src/notification.module.js';
import { pointsService } from '../../apps/points/src/points.module.js';
import { userService } from '../../apps/user/src/user.module.js';

interface Column {
  name: string;
  nullable: boolean;
}

const services = [userService, entitlementService, pointsService, notificationService];

/** What the entity class declares: its columns, and its unique indexes as lists of columns. */
function declared(entity: EntityClass): { table: string; columns: Column[]; uniques: string[] } {
  const storage = getMetadataArgsStorage();
  const table = storage.tables.find(({ target }) => target === entity)?.name ?? '';
  const columns = storage.columns
    .filter(({ target }) => target === entity)
    .map(({ propertyName, options }) => ({ name: options.name ?? propertyName, nullable: options.nullable ?? false }));
  const uniques = storage.indices
    .filter(({ target, unique }) => target === entity && unique)
    .map(({ columns: names }) => (Array.isArray(names) ? names : []).join(','));
  return { table, columns, uniques };
}

async function existingColumns(reader: Reader, table: string): Promise<Column[]> {
  if (reader.dialect === 'sqlite') {
    const rows = await reader.query<{ name: string; notnull: number; pk: number }>(`PRAGMA table_info(${table})`);
    return rows.map(({ name, notnull, pk }) => ({ name, nullable: notnull === 0 && pk === 0 }));
  }
  const rows = await reader.query<{ name: string; nullable: string }>(
    `SELECT column_name AS name, is_nullable AS nullable FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = ?`,
    [table],
  );
  return rows.map(({ name, nullable }) => ({ name, nullable: nullable === 'YES' }));
}

async function existingUniques(reader: Reader, table: string): Promise<string[]> {
  if (reader.dialect === 'sqlite') {
    const indexes = await reader.query<{ name: string; unique: number }>(`PRAGMA index_list(${table})`);
    const lists = indexes.filter(({ unique }) => unique === 1);
    return Promise.all(
      lists.map(async ({ name }) => {
        const rows = await reader.query<{ name: string }>(`PRAGMA index_info(${name})`);
        return rows.map((row) => row.name).join(',');
      }),
    );
  }
  const rows = await reader.query<{ names: string }>(
    `SELECT GROUP_CONCAT(column_name ORDER BY seq_in_index) AS names FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = ? AND non_unique = 0 AND index_name <> 'PRIMARY' GROUP BY index_name`,
    [table],
  );
  return rows.map(({ names }) => names);
}

onEachDatabase('entities and migrations', (engine) => {
  describe.each(services.map((service) => [service.name, service.tables as Tables] as const))(
    'of %s',
    (name, tables) => {
      let database: Database;
      beforeAll(async () => {
        database = await Database.open({
          service: name,
          mysqlUrl: engine.place.mysqlUrl,
          dataDirectory: engine.place.dataDirectory,
          entities: tables.entities,
          migrations: [...sharedMigrations, ...tables.migrations],
        });
        await database.migrate();
      });
      afterAll(() => database.close());

      it.each(tables.entities.map((entity) => [entity.name, entity] as const))(
        '%s says what its table is',
        async (_, entity) => {
          const { table, columns, uniques } = declared(entity);
          const byName = (left: Column, right: Column): number => left.name.localeCompare(right.name);
          const existing = await existingColumns(database.reader, table);
          expect([...columns].sort(byName)).toEqual([...existing].sort(byName));
          const found = await existingUniques(database.reader, table);
          for (const unique of uniques) expect(found).toContain(unique);
        },
      );
    },
  );

  it("has the source document's columns and indexes on users and point_records", async () => {
    for (const [service, table, wanted, indexes] of [
      [
        userService,
        'users',
        ['id', 'telegram_id', 'email', 'status', 'points', 'created_at', 'updated_at'],
        ['telegram_id', 'email'],
      ],
      [
        pointsService,
        'point_records',
        ['id', 'user_id', 'points', 'type', 'description', 'created_at'],
        ['user_id', 'created_at'],
      ],
    ] as const) {
      const database = await Database.open({
        service: service.name,
        mysqlUrl: engine.place.mysqlUrl,
        dataDirectory: engine.place.dataDirectory,
        entities: [],
        migrations: [],
      });
      const columns = (await existingColumns(database.reader, table)).map(({ name }) => name);
      expect(columns).toEqual(expect.arrayContaining([...wanted]));
      for (const column of indexes) expect(await hasIndex(database.reader, table, `idx_${column}`)).toBe(true);
      await database.close();
    }
  });
});

async function hasIndex(reader: Reader, table: string, index: string): Promise<boolean> {
  if (reader.dialect === 'sqlite') {
    return (await reader.query<{ name: string }>(`PRAGMA index_list(${table})`)).some(({ name }) => name === index);
  }
  const rows = await reader.query(
    'SELECT 1 FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND index_name = ?',
    [table, index],
  );
  return rows.length > 0;
}
