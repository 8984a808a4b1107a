import { Controller } from '@nestjs/common';
import { GroupMigrated, MigrateGroup, type HandledInputOf, type OutputOf } from '#contracts';
import { sqlTime } from '#database';
import { HandleCommand, type CommandContext } from '#messaging';
import { readMembers } from './group-member.store.js';
import { lockChat, lockGroup, type GroupRow } from './group.store.js';
import { requireSystem } from './require-system.rules.js';
import { RosterWriter } from './roster.writer.js';
import type { MemberFacts } from './sighting.rules.js';

const membersPerStep = 200;
const stepsAtMost = 500;

/**
 * A group that became a supergroup has another chat id from then on. Telegram says so in both chats and in answers to calls, in any
 * order: whatever is known of the former chat is merged into the new one, and the former row stays as a signpost for late news.
 */
@Controller()
export class GroupMigrationService {
  constructor(private readonly roster: RosterWriter) {}

  @HandleCommand(MigrateGroup)
  async migrate(
    { from_chat_id: fromChatId, chat, at }: HandledInputOf<typeof MigrateGroup>,
    context: CommandContext,
  ): Promise<OutputOf<typeof MigrateGroup>> {
    requireSystem(context.call);
    const { tx, now } = context;
    const time = new Date(at);
    const former = await lockChat(tx, { ...chat, chat_id: fromChatId, kind: 'group' }, time, now);
    const group = former.moved_to === null ? await lockGroup(tx, chat, time, now) : null;
    if (group === null || group.id === former.id) {
      return { group_id: former.moved_to ?? former.id, members_moved: 0 };
    }
    await tx.execute('UPDATE chat_groups SET moved_to = ?, missing_rights = ?, updated_at = ? WHERE id = ?', [
      group.id,
      '[]',
      sqlTime(now),
      former.id,
    ]);
    const moved = await this.moveMembers(context, former, group);
    await this.moveCustomer(context, former.chat_id, group.chat_id);
    const names = { from_chat_id: former.chat_id, chat_id: group.chat_id };
    context.emit(
      GroupMigrated,
      { from_group_id: former.id, group_id: group.id, ...names, title: chat.title, members_moved: moved },
      { before: { chat_id: former.chat_id }, after: { ...names, group_id: group.id, members_moved: moved } },
    );
    return { group_id: group.id, members_moved: moved };
  }

  /**
   * The group as a customer (U-01) keeps its account: it takes over the new chat id. Should the bot have met the new chat before it
   * heard of the move, the account of that meeting gets the id of the chat that is no more.
   */
  private async moveCustomer({ tx, now }: CommandContext, from: string, to: string): Promise<void> {
    const rows = await tx.query<{ id: number; telegram_id: string }>(
      `SELECT id, telegram_id FROM users WHERE kind = 'group' AND telegram_id IN (?, ?) ORDER BY id${tx.lock}`,
      [from, to],
    );
    const customer = rows.find(({ telegram_id }) => telegram_id === from);
    const stranger = rows.find(({ telegram_id }) => telegram_id === to);
    if (!customer) return;
    const rename = async (id: number, telegramId: string): Promise<void> => {
      await tx.execute('UPDATE users SET telegram_id = ?, updated_at = ? WHERE id = ?', [telegramId, sqlTime(now), id]);
    };
    // An id that no chat has, because no two accounts may have one at the same time.
    if (stranger) await rename(stranger.id, `-0${stranger.id}`);
    await rename(customer.id, to);
    if (stranger) await rename(stranger.id, from);
  }

  private async moveMembers(context: CommandContext, former: GroupRow, group: GroupRow): Promise<number> {
    const { tx } = context;
    let moved = 0;
    for (let step = 0; step < stepsAtMost; step += 1) {
      const rows = await tx.query<{ telegram_id: string }>(
        `SELECT telegram_id FROM chat_members WHERE group_id = ? ORDER BY telegram_id LIMIT ${membersPerStep}`,
        [former.id],
      );
      if (rows.length === 0) return moved;
      const known = await readMembers(
        tx,
        former.id,
        rows.map(({ telegram_id }) => telegram_id),
      );
      const facts = new Map<string, MemberFacts>();
      for (const { telegramId, facts: held } of known) if (held) facts.set(telegramId, held);
      if (facts.size > 0) await this.roster.record(context, group, facts);
      for (const { telegram_id: id } of rows) {
        await tx.execute('DELETE FROM chat_members WHERE group_id = ? AND telegram_id = ?', [former.id, id]);
      }
      moved += rows.length;
    }
    throw new Error(`a group of more than ${membersPerStep * stepsAtMost} members does not migrate`);
  }
}
