import { Controller } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import {
  GroupBotChanged,
  RecordGroupBot,
  RecordUpdateTypes,
  UpdateTypesChanged,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { Database, sqlTime } from '#database';
import { HandleCommand, type CommandContext } from '#messaging';
import { Metrics } from '#service';
import { missingRights } from './bot-rights.rules.js';
import { lockGroup, type GroupRow } from './group.store.js';
import { requireSystem } from './require-system.rules.js';
import { canAsk } from './roster-check.rules.js';
import { setGroupDue } from './roster-check.store.js';

const checkName = 'telegram';

/** What the bot is and may do in its groups, and whether it hears what it must (U-12). */
@Controller()
export class GroupBotService {
  constructor(
    private readonly database: Database,
    metrics: Metrics,
  ) {
    metrics.gauge('coser_bot_groups_without_rights', 'Groups in which the bot lacks a right it needs', (gauge) =>
      this.countGroups(gauge),
    );
    metrics.gauge('coser_bot_update_types_missing', 'Kinds of updates that the bot needs and does not get', (gauge) =>
      this.countTypes(gauge),
    );
  }

  @HandleCommand(RecordGroupBot)
  async recordBot(
    input: HandledInputOf<typeof RecordGroupBot>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RecordGroupBot>> {
    requireSystem(context.call);
    const { tx, now } = context;
    const at = new Date(input.at);
    const group = await lockGroup(tx, input.chat, at, now);
    const known = JSON.parse(group.missing_rights) as string[];
    // News of the chat this group once was says nothing about the bot's place in the new one.
    if (group.chat_id !== input.chat.chat_id || isOlder(group, input))
      return { group_id: group.id, missing_rights: known };
    const missing = missingRights(input.status, input.rights);
    await tx.execute(
      `UPDATE chat_groups SET bot_status = ?, bot_rights = ?, missing_rights = ?, bot_status_at = ?, bot_status_order = ?,
       updated_at = ? WHERE id = ?`,
      [
        input.status,
        JSON.stringify(input.rights),
        JSON.stringify(missing),
        sqlTime(at),
        input.order,
        sqlTime(now),
        group.id,
      ],
    );
    // While it was none, Telegram told nothing of who came and left.
    if (canAsk(input.status) && !canAsk(group.bot_status)) await setGroupDue(tx, group.id, now);
    if (group.bot_status !== input.status || known.join() !== missing.join()) {
      context.emit(
        GroupBotChanged,
        {
          group_id: group.id,
          chat_id: group.chat_id,
          title: input.chat.title,
          status: input.status,
          missing_rights: missing,
          previously_missing: known,
        },
        {
          before: { bot_status: group.bot_status, missing_rights: known },
          after: { group_id: group.id, bot_status: input.status, missing_rights: missing },
        },
      );
    }
    return { group_id: group.id, missing_rights: missing };
  }

  @HandleCommand(RecordUpdateTypes)
  async recordUpdateTypes(
    { mode, missing, at }: HandledInputOf<typeof RecordUpdateTypes>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RecordUpdateTypes>> {
    requireSystem(context.call);
    const { tx } = context;
    const time = sqlTime(new Date(at));
    const wanted = JSON.stringify([...missing].sort());
    const fresh = { name: checkName, mode: '', missing: '[]', checked_at: sqlTime(new Date(0)) };
    await tx.upsert('update_checks', fresh, { conflict: ['name'] });
    const known = await tx.one<{ mode: string; missing: string; checked_at: string }>(
      `SELECT mode, missing, checked_at FROM update_checks WHERE name = ?${tx.lock}`,
      [checkName],
    );
    if (!known || known.checked_at > time) return { changed: false };
    await tx.execute('UPDATE update_checks SET mode = ?, missing = ?, checked_at = ? WHERE name = ?', [
      mode,
      wanted,
      time,
      checkName,
    ]);
    if (known.mode === mode && known.missing === wanted) return { changed: false };
    context.emit(
      UpdateTypesChanged,
      { mode, missing },
      { before: { mode: known.mode, missing: JSON.parse(known.missing) as string[] }, after: { mode, missing } },
    );
    return { changed: true };
  }

  private async countGroups(gauge: Gauge): Promise<void> {
    const total = await this.database.reader
      .count("chat_groups WHERE moved_to IS NULL AND missing_rights <> '[]'")
      .catch(() => undefined);
    if (total !== undefined) gauge.set(total);
  }

  private async countTypes(gauge: Gauge): Promise<void> {
    const row = await this.database.reader
      .one<{ missing: string }>('SELECT missing FROM update_checks WHERE name = ?', [checkName])
      .catch(() => null);
    if (row !== null) gauge.set(row ? (JSON.parse(row.missing) as string[]).length : 0);
  }
}

function isOlder(group: GroupRow, { at, order }: HandledInputOf<typeof RecordGroupBot>): boolean {
  if (group.bot_status_at === null) return false;
  const time = sqlTime(new Date(at));
  return group.bot_status_at > time || (group.bot_status_at === time && Number(group.bot_status_order) > order);
}
