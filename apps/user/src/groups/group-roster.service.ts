import { Controller } from '@nestjs/common';
import {
  AppError,
  GroupMembersImported,
  ImportGroupMembers,
  RecordGroupSightings,
  type HandledInputOf,
  type OutputOf,
  type Sighting,
} from '#contracts';
import { HandleCommand, requirePermission, type CommandContext } from '#messaging';
import { judgeRows } from './import-row.rules.js';
import { lockGroup, lockGroupById } from './group.store.js';
import { requireSystem } from './require-system.rules.js';
import { RosterWriter, type RosterOutcome } from './roster.writer.js';
import { factsOf, isPersonId, mergeFacts, type MemberFacts } from './sighting.rules.js';

/** Who is in which group (U-12): what Telegram shows us bit by bit, and what admins know. */
@Controller()
export class GroupRosterService {
  constructor(private readonly roster: RosterWriter) {}

  @HandleCommand(RecordGroupSightings)
  async recordSightings(
    { chat, sightings }: HandledInputOf<typeof RecordGroupSightings>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RecordGroupSightings>> {
    requireSystem(context.call);
    const newest = sightings.reduce((latest, { at }) => (at > latest ? at : latest), '');
    const group = await lockGroup(context.tx, chat, new Date(newest), context.now);
    const facts = factsByPerson(sightings);
    if (facts.size === 0) return { group_id: group.id, changed: 0 };
    const outcomes = await this.roster.record(context, group, facts);
    return { group_id: group.id, changed: [...outcomes.values()].filter((outcome) => outcome !== 'kept').length };
  }

  @HandleCommand(ImportGroupMembers)
  async importMembers(
    { group_id: groupId, rows }: HandledInputOf<typeof ImportGroupMembers>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ImportGroupMembers>> {
    requirePermission(context.call, 'group.import');
    const { tx, now } = context;
    const group = await lockGroupById(tx, groupId);
    if (!group || group.moved_to !== null) throw new AppError('group.not_found');
    const judged = judgeRows(rows);
    const facts = new Map(
      judged.flatMap(({ problem, row }) =>
        problem === null ? [[row.telegram_id.trim(), importedFacts(row, now)]] : [],
      ),
    );
    const outcomes =
      facts.size > 0 ? await this.roster.record(context, group, facts) : new Map<string, RosterOutcome>();
    const results = judged.map(({ row, problem }, index) => ({
      row: index + 1,
      telegram_id: row.telegram_id,
      outcome: problem === null ? (outcomes.get(row.telegram_id.trim()) ?? 'kept') : ('refused' as const),
      problem,
    }));
    const count = (wanted: string): number => results.filter(({ outcome }) => outcome === wanted).length;
    const totals = {
      added: count('added'),
      updated: count('updated'),
      kept: count('kept'),
      refused: count('refused'),
    };
    context.emit(
      GroupMembersImported,
      { group_id: group.id, title: group.title, ...totals },
      { after: { group_id: group.id, ...totals } },
    );
    return { rows: results, totals };
  }
}

/** Bots and Telegram's stand-ins are no members; several sightings of one person become one. */
function factsByPerson(sightings: readonly Sighting[]): Map<string, MemberFacts> {
  const facts = new Map<string, MemberFacts>();
  for (const sighting of sightings.filter(({ telegram_id }) => isPersonId(telegram_id))) {
    const known = facts.get(sighting.telegram_id);
    const fresh = factsOf(sighting);
    facts.set(sighting.telegram_id, known ? mergeFacts(known, fresh) : fresh);
  }
  return facts;
}

function importedFacts(row: HandledInputOf<typeof ImportGroupMembers>['rows'][number], now: Date): MemberFacts {
  return factsOf({
    telegram_id: row.telegram_id.trim(),
    first_name: row.first_name?.trim().slice(0, 128) ?? '',
    username: row.username?.trim().replace(/^@/, '') || null,
    standing: row.standing,
    telegram_status: null,
    source: 'import',
    at: now.toISOString(),
    order: 0,
  });
}
