import type { QueryRunner } from 'typeorm';

/** The few words in which the engines' DDL differs. Everything else in a migration is plain SQL that both understand. */
export interface SchemaWords {
  /** An id the engine gives: goes behind the column's name. */
  readonly autoId: string;
  readonly text: string;
  /** Ends a CREATE TABLE. */
  readonly tableEnd: string;
  /** A time the engine sets when the row is made (and, in MySQL, when it is changed). */
  readonly createdAt: string;
  readonly updatedAt: string;
}

const mysqlWords: SchemaWords = {
  autoId: 'BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY',
  text: 'MEDIUMTEXT',
  tableEnd: 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci',
  createdAt: 'TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)',
  updatedAt: 'TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)',
};

const sqliteNow = "(strftime('%Y-%m-%d %H:%M:%f', 'now'))";
const sqliteWords: SchemaWords = {
  autoId: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  text: 'TEXT',
  tableEnd: '',
  createdAt: `DATETIME NOT NULL DEFAULT ${sqliteNow}`,
  updatedAt: `DATETIME NOT NULL DEFAULT ${sqliteNow}`,
};

export function schemaWords(runner: QueryRunner): SchemaWords {
  return runner.connection.options.type === 'mysql' ? mysqlWords : sqliteWords;
}
