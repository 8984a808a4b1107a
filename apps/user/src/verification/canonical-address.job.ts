import { Injectable } from '@nestjs/common';
import type { Counter, Gauge } from 'prom-client';
import { EmailBlacklistEntryAdded, EmailBlacklistEntryRemoved } from '#contracts';
import { Database, unlessDuplicate } from '#database';
import { UnitOfWork, type CommandContext } from '#messaging';
import { InjectLogger, JobRunner, Metrics, type Logger } from '#service';
import { canonicalAddress } from './email-address.rules.js';
import { EmailBindingService } from './email-binding.service.js';

const name = 'canonical-addresses';
const everyMs = 86_400_000;
const rowsPerPage = 500;
const pagesAtMost = 20_000;
/** Members of whom the log tells; the gauge has them all. */
const namedAtMost = 20;

interface StoredAddress {
  readonly id: number;
  readonly address: string;
  readonly canonical: string;
}

/**
 * Brings stored canonical addresses up to today's rules (U-08): which domains lead to one mailbox is learnt with time, and what was
 * stored before would else let a mailbox in a second time. One replica at a time, a transaction for each row.
 */
@Injectable()
export class CanonicalAddressJob {
  private readonly renewed: Counter;
  private readonly clashing: Gauge;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly binding: EmailBindingService,
    @InjectLogger() private readonly logger: Logger,
    jobs: JobRunner,
    metrics: Metrics,
  ) {
    this.renewed = metrics.counter(
      'coser_canonical_addresses_renewed_total',
      'Stored addresses, of members and on the blacklist, that were made canonical anew by today’s rules',
    );
    this.renewed.inc(0);
    this.clashing = metrics.gauge(
      'coser_canonical_addresses_clashing',
      'Members whose mailbox is also another member’s by today’s rules, as the last round found them',
      () => undefined,
    );
    const complaint = 'stored addresses could not be compared with the rules, it will be tried again';
    jobs.add({ name, everyMs, atStart: true, lock: 'each', complaint, round: (stopping) => this.round(stopping) });
  }

  private async round(stopping: AbortSignal): Promise<void> {
    const members =
      'SELECT id, email AS address, email_canonical AS canonical FROM users WHERE email_canonical IS NOT NULL';
    const entries = "SELECT id, pattern AS address, pattern AS canonical FROM email_blacklist WHERE kind = 'address'";
    const taken: number[] = [];
    for await (const { id } of this.outdated(members, stopping)) {
      const result = await this.unitOfWork.runAs(name, (context) => this.binding.renewCanonical(context, id));
      if (result === 'renewed') this.renewed.inc();
      if (result === 'taken') taken.push(id);
    }
    for await (const { id } of this.outdated(entries, stopping)) {
      if (await this.unitOfWork.runAs(name, (context) => renewEntry(context, id))) this.renewed.inc();
    }
    if (stopping.aborted) return;
    this.clashing.set(taken.length);
    if (taken.length === 0) return;
    const named = taken.slice(0, namedAtMost);
    this.logger.warn({ count: taken.length, user_ids: named }, 'members whose mailbox is also another member’s');
  }

  /** Rows in the order of their ids that today's rules would write otherwise. */
  private async *outdated(select: string, stopping: AbortSignal): AsyncGenerator<StoredAddress> {
    let after = 0;
    for (let page = 0; page < pagesAtMost; page += 1) {
      const sql = `${select} AND id > ? ORDER BY id LIMIT ${rowsPerPage}`;
      const rows = await this.database.reader.query<StoredAddress>(sql, [after]);
      for (const row of rows) {
        if (stopping.aborted) return;
        if (canonicalAddress(row.address) !== row.canonical) yield row;
      }
      const last = rows.at(-1);
      if (!last || rows.length < rowsPerPage) return;
      after = last.id;
    }
  }
}

/** An entry by today's rules; where admins have added the same meanwhile, the older one goes. False when it is gone or right already. */
async function renewEntry({ tx, emit }: CommandContext, id: number): Promise<boolean> {
  const entry = await tx.one<{ pattern: string; note: string }>(
    `SELECT pattern, note FROM email_blacklist WHERE id = ? AND kind = 'address'${tx.lock}`,
    [id],
  );
  const pattern = entry ? canonicalAddress(entry.pattern) : '';
  if (!entry || pattern === entry.pattern) return false;
  const facts = { entry_id: id, kind: 'address' } as const;
  const row = { id, kind: 'address', note: entry.note };
  const isAdded = await unlessDuplicate(
    tx.execute('UPDATE email_blacklist SET pattern = ? WHERE id = ?', [pattern, id]),
  );
  if (!isAdded) await tx.execute('DELETE FROM email_blacklist WHERE id = ?', [id]);
  const before = { ...row, pattern: entry.pattern };
  emit(EmailBlacklistEntryRemoved, { ...facts, pattern: entry.pattern }, { before });
  if (isAdded) emit(EmailBlacklistEntryAdded, { ...facts, pattern }, { after: { ...row, pattern } });
  return true;
}
