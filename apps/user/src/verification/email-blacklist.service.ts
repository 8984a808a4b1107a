import { Controller } from '@nestjs/common';
import {
  AddToEmailBlacklist,
  AppError,
  CheckEmailAddress,
  EmailBlacklistEntryAdded,
  EmailBlacklistEntryRemoved,
  ListEmailBlacklist,
  RemoveFromEmailBlacklist,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isDuplicateKey, isoTime, sqlTime, type SqlTime, type SqlValue } from '#database';
import {
  HandleCommand,
  HandleQuery,
  requirePermission,
  requireStepUp,
  type CommandContext,
  type QueryContext,
} from '#messaging';
import { AddressCheckService } from './address-check.service.js';
import { entryOf, patternsAtMost, type BlacklistEntry } from './blacklist.rules.js';
import { isAcceptableAddress } from './email-address.rules.js';
import { VerificationMetrics } from './verification.metrics.js';

type Entry = OutputOf<typeof AddToEmailBlacklist>;

interface EntryRow extends BlacklistEntry {
  id: number;
  note: string;
  created_at: SqlTime;
}

const columns = 'id, kind, pattern, note, created_at';

/** The blacklist as admins keep it (U-08). What is bound already stays bound. */
@Controller()
export class EmailBlacklistService {
  constructor(
    private readonly addresses: AddressCheckService,
    private readonly metrics: VerificationMetrics,
  ) {}

  @HandleQuery(ListEmailBlacklist)
  async list(
    input: HandledInputOf<typeof ListEmailBlacklist>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListEmailBlacklist>> {
    requirePermission(call, 'email_blacklist.read');
    const { where, values } = filterOf(input);
    const total = await reader.count(`email_blacklist ${where}`, values);
    const offset = (input.page - 1) * input.page_size;
    const rows = await reader.query<EntryRow>(
      `SELECT ${columns} FROM email_blacklist ${where} ORDER BY id DESC LIMIT ${input.page_size} OFFSET ${offset}`,
      values,
    );
    const { page, page_size } = input;
    return { items: rows.map(shown), page, page_size, total };
  }

  @HandleQuery(CheckEmailAddress)
  async check(
    { email }: HandledInputOf<typeof CheckEmailAddress>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof CheckEmailAddress>> {
    requirePermission(call, 'email_blacklist.read');
    if (!isAcceptableAddress(email.trim())) throw new AppError('verification.address_invalid');
    const found = await this.addresses.blocking(reader, email.trim());
    return { blocked_by: found?.kind ?? null, pattern: found?.pattern ?? null };
  }

  @HandleCommand(AddToEmailBlacklist)
  async add(input: HandledInputOf<typeof AddToEmailBlacklist>, context: CommandContext): Promise<Entry> {
    requirePermission(context.call, 'email_blacklist.manage');
    const { tx, now } = context;
    const entry = entryOf(input.kind, input.pattern);
    if (!entry) throw new AppError('blacklist.entry_invalid');
    if (entry.kind === 'pattern') requireStepUp(context.call);
    if (entry.kind === 'pattern') await this.refuseTooMany(context);
    const row = { ...entry, note: input.note.trim(), created_at: sqlTime(now) };
    const id = await tx.insert('email_blacklist', row).then(
      ({ insertId }) => insertId,
      (error: unknown) => {
        throw isDuplicateKey(error) ? new AppError('blacklist.entry_exists') : error;
      },
    );
    context.emit(EmailBlacklistEntryAdded, { entry_id: id, ...entry }, { after: { id, ...row } });
    this.metrics.countBlacklisted(tx, 'added');
    return shown({ id, ...row });
  }

  @HandleCommand(RemoveFromEmailBlacklist)
  async remove({ id }: HandledInputOf<typeof RemoveFromEmailBlacklist>, context: CommandContext): Promise<Entry> {
    requirePermission(context.call, 'email_blacklist.manage');
    const { tx } = context;
    const row = await tx.one<EntryRow>(`SELECT ${columns} FROM email_blacklist WHERE id = ?${tx.lock}`, [id]);
    if (!row) throw new AppError('blacklist.entry_unknown');
    await tx.execute('DELETE FROM email_blacklist WHERE id = ?', [id]);
    const { kind, pattern, note } = row;
    const before = { id, kind, pattern, note };
    context.emit(EmailBlacklistEntryRemoved, { entry_id: id, kind, pattern }, { before });
    this.metrics.countBlacklisted(tx, 'removed');
    return shown(row);
  }

  /** Every pattern is tried on every address. The count holds its rows, so that two admins cannot pass the limit together. */
  private async refuseTooMany({ tx }: CommandContext): Promise<void> {
    const rows = await tx.query(
      `SELECT id FROM email_blacklist WHERE kind = 'pattern' LIMIT ${patternsAtMost}${tx.lock}`,
    );
    if (rows.length >= patternsAtMost) throw new AppError('blacklist.full', { limit: patternsAtMost });
  }
}

function filterOf({ kind, search }: HandledInputOf<typeof ListEmailBlacklist>): { where: string; values: SqlValue[] } {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  if (kind !== undefined) {
    conditions.push('kind = ?');
    values.push(kind);
  }
  if (search !== undefined) {
    conditions.push("pattern LIKE ? ESCAPE '!'");
    values.push(`%${search.toLowerCase().replace(/[!%_]/g, '!$&')}%`);
  }
  return { where: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', values };
}

function shown({ id, kind, pattern, note, created_at }: EntryRow): Entry {
  return { id, kind, pattern, note, created_at: isoTime(created_at) };
}
