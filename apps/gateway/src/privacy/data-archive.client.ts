import { Injectable } from '@nestjs/common';
import { strToU8, zipSync, type Zippable } from 'fflate';
import { AppError, dataExports, RequestDataExport, type Call, type DataExport } from '#contracts';
import { MessageClient } from '#messaging';

const rowsPerPage = 500;
const pagesPerSection = 2_000;
/** What a chat takes as a document is 50 MB, and a gateway holds an archive in memory while it makes it. */
const bytesAtMost = 32 * 1024 * 1024;
const formatVersion = 1;

export interface DataArchive {
  readonly fileName: string;
  readonly content: Buffer;
}

interface ArchivedService {
  readonly service: string;
  readonly sections: { readonly name: string; readonly rows: number }[];
}

/**
 * Everything the platform keeps about a member as one zip archive (U-15): a JSON file for each service and a manifest. The audit
 * log is not in it: it tells what admins did as well.
 */
@Injectable()
export class DataArchiveClient {
  constructor(private readonly messages: MessageClient) {}

  /** @throws AppError privacy.too_many_exports, privacy.export_too_large, system.* when a service does not answer. */
  async make(call: Call, idempotencyKey?: string): Promise<DataArchive> {
    const { export_id, requested_at } = await this.messages.command(RequestDataExport, {}, call, { idempotencyKey });
    const files: Zippable = {};
    const services: ArchivedService[] = [];
    const room = new Room(bytesAtMost);
    for (const contract of dataExports) {
      const { content, sections } = await this.gather(contract, call, room);
      files[`${contract.owner}.json`] = strToU8(JSON.stringify(content, null, 2));
      services.push({ service: contract.owner, sections });
    }
    const userId = call.actor.kind === 'user' ? call.actor.user_id : null;
    const manifest = { format: formatVersion, export_id, user_id: userId, made_at: requested_at, services };
    files['manifest.json'] = strToU8(JSON.stringify(manifest, null, 2));
    const fileName = `coser-data-${requested_at.slice(0, 10)}.zip`;
    return { fileName, content: Buffer.from(zipSync(files, { level: 6 })) };
  }

  private async gather(
    contract: DataExport,
    call: Call,
    room: Room,
  ): Promise<{ content: Record<string, unknown[]>; sections: ArchivedService['sections'] }> {
    const { sections: names } = await this.messages.query(contract, {}, call);
    const content: Record<string, unknown[]> = {};
    for (const section of names) {
      const rows: unknown[] = [];
      for (let page = 0; page < pagesPerSection; page += 1) {
        const input = { section, offset: page * rowsPerPage, limit: rowsPerPage };
        const { rows: more } = await this.messages.query(contract, input, call);
        room.take(more);
        rows.push(...more);
        if (more.length < rowsPerPage) break;
      }
      content[section] = rows;
    }
    return { content, sections: Object.entries(content).map(([name, rows]) => ({ name, rows: rows.length })) };
  }
}

/** What may still come in. */
class Room {
  private left: number;

  constructor(private readonly limit: number) {
    this.left = limit;
  }

  take(rows: readonly unknown[]): void {
    this.left -= Buffer.byteLength(JSON.stringify(rows));
    if (this.left < 0) throw new AppError('privacy.export_too_large', { limit_bytes: this.limit });
  }
}
