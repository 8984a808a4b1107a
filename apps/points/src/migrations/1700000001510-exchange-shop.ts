import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords, type SchemaWords } from '#database';

export class ExchangeShop1700000001510 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [...itemTables(words), ...orderTables(words), ...addressTables(words)]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'DROP TABLE addresses',
      'DROP TABLE address_books',
      'DROP TABLE points_exchange_addresses',
      'DROP TABLE points_exchange_steps',
      'DROP TABLE points_exchange_records',
      'DROP TABLE points_exchange_buyers',
      'DROP TABLE points_exchanges',
    ]);
  }
}

function itemTables(words: SchemaWords): string[] {
  return [
    `CREATE TABLE points_exchanges (
      id ${words.autoId},
      exchange_type VARCHAR(16) NOT NULL,
      name_zh VARCHAR(100) NOT NULL,
      name_en VARCHAR(100) NOT NULL,
      name_ru VARCHAR(100) NOT NULL,
      description_zh VARCHAR(1000) NOT NULL,
      description_en VARCHAR(1000) NOT NULL,
      description_ru VARCHAR(1000) NOT NULL,
      image VARCHAR(255) NULL,
      points_required INT NOT NULL,
      reward_value INT NULL,
      reward_reference VARCHAR(64) NULL,
      fulfilment VARCHAR(16) NOT NULL,
      stock INT NULL,
      used_count INT NOT NULL,
      limit_total INT NULL,
      limit_per_period INT NULL,
      limit_period VARCHAR(8) NULL,
      starts_at DATETIME(3) NULL,
      ends_at DATETIME(3) NULL,
      enabled TINYINT NOT NULL,
      sort_order INT NOT NULL,
      version INT NOT NULL,
      created_at DATETIME(3) NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      removed_at DATETIME(3) NULL,
      CHECK (stock IS NULL OR stock >= 0),
      CHECK (used_count >= 0),
      CHECK (points_required > 0)
    ) ${words.tableEnd}`,
    'CREATE INDEX idx_points_exchanges_shelf ON points_exchanges (removed_at, enabled, sort_order)',
    `CREATE TABLE points_exchange_buyers (
      exchange_id BIGINT NOT NULL,
      user_id BIGINT NOT NULL,
      bought_total INT NOT NULL,
      period_key VARCHAR(16) NOT NULL,
      bought_in_period INT NOT NULL,
      PRIMARY KEY (exchange_id, user_id)
    ) ${words.tableEnd}`,
  ];
}

function orderTables(words: SchemaWords): string[] {
  return [
    `CREATE TABLE points_exchange_records (
      id ${words.autoId},
      user_id BIGINT NOT NULL,
      exchange_id BIGINT NOT NULL,
      exchange_version INT NOT NULL,
      reward_type VARCHAR(16) NOT NULL,
      name_zh VARCHAR(100) NOT NULL,
      name_en VARCHAR(100) NOT NULL,
      name_ru VARCHAR(100) NOT NULL,
      quantity INT NOT NULL,
      points_each INT NOT NULL,
      points_cost INT NOT NULL,
      reward_value INT NULL,
      reward_reference VARCHAR(64) NULL,
      status VARCHAR(16) NOT NULL,
      period_key VARCHAR(16) NOT NULL,
      tracking_carrier VARCHAR(64) NULL,
      tracking_number VARCHAR(64) NULL,
      fulfilment_code VARCHAR(64) NULL,
      note VARCHAR(200) NULL,
      created_at DATETIME(3) NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      processed_at DATETIME(3) NULL
    ) ${words.tableEnd}`,
    'CREATE INDEX idx_points_exchange_records_user_id ON points_exchange_records (user_id, id)',
    'CREATE INDEX idx_points_exchange_records_exchange_id ON points_exchange_records (exchange_id, id)',
    'CREATE INDEX idx_points_exchange_records_status ON points_exchange_records (status, id)',
    `CREATE TABLE points_exchange_steps (
      id ${words.autoId},
      order_id BIGINT NOT NULL,
      from_status VARCHAR(16) NULL,
      to_status VARCHAR(16) NOT NULL,
      actor_kind VARCHAR(8) NOT NULL,
      actor_user_id BIGINT NULL,
      note VARCHAR(200) NULL,
      created_at DATETIME(3) NOT NULL
    ) ${words.tableEnd}`,
    'CREATE INDEX idx_points_exchange_steps_order_id ON points_exchange_steps (order_id, id)',
    `CREATE TABLE points_exchange_addresses (
      order_id BIGINT NOT NULL PRIMARY KEY,
      sealed ${words.text} NOT NULL
    ) ${words.tableEnd}`,
  ];
}

function addressTables(words: SchemaWords): string[] {
  return [
    `CREATE TABLE address_books (
      user_id BIGINT NOT NULL PRIMARY KEY,
      address_count INT NOT NULL,
      default_id BIGINT NULL,
      CHECK (address_count >= 0)
    ) ${words.tableEnd}`,
    `CREATE TABLE addresses (
      id ${words.autoId},
      user_id BIGINT NOT NULL,
      sealed ${words.text} NOT NULL,
      tag VARCHAR(20) NULL,
      created_at DATETIME(3) NOT NULL,
      updated_at DATETIME(3) NOT NULL
    ) ${words.tableEnd}`,
    'CREATE INDEX idx_addresses_user_id ON addresses (user_id)',
  ];
}
