import { Controller, Inject, Optional, type Type } from '@nestjs/common';
import {
  AppError,
  ErasureStarted,
  type DataExport,
  type ErasureReport,
  type HandledInputOf,
  type OutputOf,
  type PayloadOf,
} from '#contracts';
import type { Reader } from '#database';
import { HandleEvent, HandleQuery, requireUser, type EventContext, type QueryContext } from '#messaging';
import { erasePersonalData } from './data.eraser.js';
import { conditionOf, sectionOf, sharedPersonalData, type PersonalData } from './personal.data.js';

/** Makes rows readable for their member, where a table keeps them encrypted (O-04). A service provides one under `archiveOpener`. */
export interface ArchiveOpener {
  open(section: string, row: Record<string, unknown>): Record<string, unknown>;
}
export const archiveOpener = Symbol('archive opener');

/** Answers a member's own question what the service keeps about them (U-15); goes under the service's controllers. */
export function dataArchiveOf(contract: DataExport, personalData: PersonalData): Type {
  const tables = [...personalData, ...sharedPersonalData];

  @Controller()
  class DataArchiveService {
    constructor(@Optional() @Inject(archiveOpener) private readonly opener: ArchiveOpener | null = null) {}

    @HandleQuery(contract)
    async read(input: HandledInputOf<DataExport>, { reader, call }: QueryContext): Promise<OutputOf<DataExport>> {
      const { sections, rows } = await readArchive(reader, tables, requireUser(call), input);
      const { opener } = this;
      return { sections, rows: opener ? rows.map((row) => opener.open(sections[0] ?? '', row)) : rows };
    }
  }
  return DataArchiveService;
}

/** Erases the service's part of a member when the time has come, and reports it; goes under the service's controllers. */
export function dataErasureOf(report: ErasureReport, personalData: PersonalData): Type {
  const tables = [...personalData, ...sharedPersonalData];

  @Controller()
  class DataErasureService {
    @HandleEvent(ErasureStarted)
    async erase({ user_id: userId }: PayloadOf<typeof ErasureStarted>, context: EventContext): Promise<void> {
      const rows = await erasePersonalData(context.tx, tables, userId, context.now);
      context.emit(report, { user_id: userId, service: report.owner, rows }, { user_id: userId, after: { rows } });
    }
  }
  return DataErasureService;
}

/** The names of the sections, or the rows of one of them. */
export async function readArchive(
  reader: Reader,
  tables: PersonalData,
  userId: number,
  { section, offset, limit }: HandledInputOf<DataExport>,
): Promise<OutputOf<DataExport>> {
  const shown = tables.filter(({ archive }) => archive !== 'nothing');
  if (section === null) return { sections: shown.map(sectionOf), rows: [] };
  const table = shown.find((candidate) => sectionOf(candidate) === section);
  if (!table || table.archive === 'nothing') throw new AppError('request.invalid', { problems: [unknownSection] });
  const rows = await reader.query<Record<string, unknown>>(
    `SELECT ${table.archive.join(', ')} FROM ${table.table} WHERE ${conditionOf(table)}
     ORDER BY ${table.key} LIMIT ${limit} OFFSET ${offset}`,
    [userId],
  );
  return { sections: [section], rows: rows.map((row) => ({ ...row })) };
}

const unknownSection = { path: 'section', problem: 'unknown' };
