import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database, runStatements, schemaWords, type MigrationInterface, type QueryRunner } from '#database';
import { onEachDatabase } from '#testing/engines';
import { FieldCipher, KeyRing, rotatePage, type RotatedPage } from './index.js';

class CreateSecrets1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { text, tableEnd } = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE secrets (id BIGINT NOT NULL PRIMARY KEY, word ${text} NULL) ${tableEnd}`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE secrets']);
  }
}

const key = (id: string) => ({ id, key: randomBytes(32) });
const column = { table: 'secrets', key: 'id', column: 'word' };
const placeOf = (row: number) => ({ table: 'secrets', column: 'word', row });

onEachDatabase('the rotation of encrypted fields', (engine) => {
  let database: Database;
  const [old, fresh, lost] = [key('old'), key('fresh'), key('lost')];
  const before = new FieldCipher(new KeyRing([old]));
  const after = new FieldCipher(new KeyRing([fresh, old]));
  beforeAll(async () => {
    const migrations = [CreateSecrets1700000000001];
    database = await Database.open({ ...engine.place, service: 'rotation', entities: [], migrations });
    await database.migrate();
    const rows = Array.from({ length: 25 }, (_, index) => {
      const id = index + 1;
      const cipher = id === 7 ? new FieldCipher(new KeyRing([lost])) : id === 9 ? after : before;
      return { id, word: id === 3 ? null : cipher.encrypt(`word ${id}`, placeOf(id)) };
    });
    await database.transaction((tx) => tx.insert('secrets', rows));
  });
  afterAll(() => database.close());

  async function rotateAll(): Promise<RotatedPage[]> {
    const pages: RotatedPage[] = [];
    let next: RotatedPage['next'] = null;
    do {
      const at: RotatedPage['next'] = next;
      const page: RotatedPage = await database.transaction((tx) =>
        rotatePage(tx, after, column, { after: at, limit: 10 }),
      );
      pages.push(page);
      next = page.next;
    } while (next !== null && pages.length < 10);
    return pages;
  }

  it('O-04: writes anew page by page what an older key wrote, and leaves what it cannot read', async () => {
    const pages = await rotateAll();
    expect(pages.map(({ rewritten, unreadable }) => [rewritten, unreadable])).toEqual([
      [9, 1],
      [10, 0],
      [3, 0],
    ]);
    const rows = await database.reader.query<{ id: number; word: string | null }>('SELECT id, word FROM secrets');
    const alone = new FieldCipher(new KeyRing([fresh]));
    for (const { id, word } of rows) {
      if (word === null || Number(id) === 7) continue;
      expect(alone.decrypt(word, placeOf(Number(id)))).toBe(`word ${id}`);
    }
    expect(rows.filter(({ word }) => word === null)).toHaveLength(1);
  });

  it('O-04: a second round finds nothing but the field that no key reads', async () => {
    expect(await rotateAll()).toEqual([{ rewritten: 0, unreadable: 1, next: null }]);
  });
});
