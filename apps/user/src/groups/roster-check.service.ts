import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import {
  AppError,
  GroupRosterChecked,
  RecordRosterChecks,
  RequestRosterCheck,
  rosterCheckOutcomes,
  RosterCheckRequested,
  RosterChecksTaken,
  TakeRosterChecks,
  type HandledInputOf,
  type OutputOf,
  type RosterCheck,
} from '#contracts';
import { HandleCommand, requirePermission, type CommandContext } from '#messaging';
import { InjectSettings, Metrics } from '#service';
import type { UserSettings } from '../user.env.js';
import { lockGroupById, type GroupRow } from './group.store.js';
import { requireSystem } from './require-system.rules.js';
import { canAsk, nextCheckAt, takenForMs } from './roster-check.rules.js';
import { findDueRows, lockGroups, noteUnanswered, setDue, setGroupDue, type DueRow } from './roster-check.store.js';
import { RosterWriter } from './roster.writer.js';
import { factsOf } from './sighting.rules.js';

type Answered = Extract<RosterCheck, { outcome: 'answered' }>;
type Counts = OutputOf<typeof RecordRosterChecks>;

/**
 * The roster checked against Telegram (U-12): what updates have told may have holes, because Telegram keeps them for a day and sends
 * none where the bot is no administrator. Here stands who is asked about next, and what the answers change.
 */
@Controller()
export class RosterCheckService {
  private readonly checked: Counter<'outcome'>;

  constructor(
    private readonly roster: RosterWriter,
    @InjectSettings() private readonly settings: UserSettings,
    metrics: Metrics,
  ) {
    this.checked = metrics.counter(
      'coser_roster_checks_total',
      'Rows of rosters Telegram was asked about, by outcome',
      ['outcome'],
    );
    for (const outcome of rosterCheckOutcomes) this.checked.labels(outcome).inc(0);
  }

  @HandleCommand(TakeRosterChecks)
  async take(
    { limit }: HandledInputOf<typeof TakeRosterChecks>,
    context: CommandContext,
  ): Promise<OutputOf<typeof TakeRosterChecks>> {
    requireSystem(context.call);
    const { tx, now } = context;
    const due = await findDueRows(tx, now, limit);
    if (due.length === 0) return { groups: [], more: false };
    const groupIds = [...new Set(due.map(({ group_id }) => group_id))];
    const groups = await lockGroups(tx, groupIds);
    // Another replica may have taken what was due a moment ago.
    const rows = await findDueRows(tx, now, limit, groupIds);
    const taken: OutputOf<typeof TakeRosterChecks>['groups'] = [];
    let postponed = 0;
    for (const { id, bot_status, ...chat } of groups) {
      const telegramIds = idsIn(rows, id);
      if (telegramIds.length === 0) continue;
      const isAskable = canAsk(bot_status);
      const dueAt = isAskable ? new Date(now.getTime() + takenForMs) : this.nextAt(now);
      await setDue(tx, id, telegramIds, dueAt);
      if (isAskable) taken.push({ group_id: id, chat, telegram_ids: telegramIds });
      else postponed += telegramIds.length;
    }
    if (rows.length > 0) this.tellTaken(context, taken, rows.length - postponed, postponed);
    return { groups: taken, more: due.length === limit };
  }

  @HandleCommand(RecordRosterChecks)
  async record(
    { group_id: groupId, checks }: HandledInputOf<typeof RecordRosterChecks>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RecordRosterChecks>> {
    requireSystem(context.call);
    const group = await lockGroupById(context.tx, groupId);
    // What was asked about a group's former chat says nothing of the new one.
    if (!group || group.moved_to !== null) throw new AppError('group.not_found');
    const answers = checks.filter((check) => check.outcome === 'answered');
    const counts: Counts = {
      ...(await this.recordAnswers(context, group, answers)),
      not_known: await this.recordUnanswered(context, group, checks, 'not_known'),
      refused: await this.recordUnanswered(context, group, checks, 'refused'),
    };
    context.tx.afterCommit(() => {
      for (const outcome of rosterCheckOutcomes) this.checked.labels(outcome).inc(counts[outcome]);
    });
    context.emit(
      GroupRosterChecked,
      { group_id: group.id, chat_id: group.chat_id, ...counts },
      { after: { group_id: group.id, ...counts } },
    );
    return counts;
  }

  @HandleCommand(RequestRosterCheck)
  async request(
    { group_id: groupId }: HandledInputOf<typeof RequestRosterCheck>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RequestRosterCheck>> {
    requirePermission(context.call, 'group.import');
    const group = await lockGroupById(context.tx, groupId);
    if (!group || group.moved_to !== null) throw new AppError('group.not_found');
    if (!canAsk(group.bot_status)) throw new AppError('group.bot_not_admin');
    const members = await setGroupDue(context.tx, group.id, context.now);
    context.emit(
      RosterCheckRequested,
      { group_id: group.id, chat_id: group.chat_id, title: group.title, members },
      { after: { group_id: group.id, roster_check: 'requested', members } },
    );
    return { group_id: group.id, members };
  }

  private tellTaken(
    context: CommandContext,
    groups: OutputOf<typeof TakeRosterChecks>['groups'],
    taken: number,
    postponed: number,
  ): void {
    const payload = { taken, postponed, group_ids: groups.map(({ group_id }) => group_id) };
    context.emit(RosterChecksTaken, payload, { after: payload });
  }

  private async recordAnswers(
    context: CommandContext,
    group: GroupRow,
    answers: readonly Answered[],
  ): Promise<Pick<Counts, 'confirmed' | 'changed'>> {
    const facts = new Map(
      answers.map((answer) => [answer.telegram_id, factsOf({ ...answer, source: 'lookup', order: 0 })]),
    );
    return this.roster.recordAnswers(context, group, facts, this.nextAt(context.now));
  }

  private async recordUnanswered(
    { tx, now }: CommandContext,
    { id }: GroupRow,
    checks: readonly RosterCheck[],
    result: 'not_known' | 'refused',
  ): Promise<number> {
    const ids = checks.filter(({ outcome }) => outcome === result).map(({ telegram_id }) => telegram_id);
    const checkedAt = result === 'not_known' ? now : null;
    await noteUnanswered(tx, id, ids, { result, dueAt: this.nextAt(now), checkedAt });
    return ids.length;
  }

  private nextAt(now: Date): Date {
    return nextCheckAt(now, this.settings.GROUP_SWEEP_RECHECK_HOURS);
  }
}

function idsIn(rows: readonly DueRow[], groupId: number): string[] {
  return rows
    .filter(({ group_id }) => group_id === groupId)
    .map(({ telegram_id }) => telegram_id)
    .sort();
}
