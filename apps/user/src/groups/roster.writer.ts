import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { GroupMemberChanged, GroupMemberSeen } from '#contracts';
import type { CommandContext } from '#messaging';
import { InjectSettings, Metrics } from '#service';
import type { UserSettings } from '../user.env.js';
import { lockMembers, readMembers, writeMember, type KnownMember } from './group-member.store.js';
import { factsAfterCheck, firstCheckAt } from './roster-check.rules.js';
import { noteAnswer } from './roster-check.store.js';
import { mergeFacts, type MemberFacts } from './sighting.rules.js';

export type RosterOutcome = 'added' | 'updated' | 'kept';

/** The only writer of rosters: locks the rows, merges what is new into what is known, and tells what changed. */
@Injectable()
export class RosterWriter {
  private readonly recorded: Counter<'outcome'>;

  constructor(
    @InjectSettings() private readonly settings: UserSettings,
    metrics: Metrics,
  ) {
    this.recorded = metrics.counter('coser_group_sightings_total', 'Sightings of people in groups, by outcome', [
      'outcome',
    ]);
    for (const outcome of ['added', 'updated', 'kept']) this.recorded.labels(outcome).inc(0);
  }

  /** Merges facts about several people of one group, whose row the caller has locked. */
  async record(
    context: CommandContext,
    group: { id: number; chat_id: string },
    sightings: ReadonlyMap<string, MemberFacts>,
  ): Promise<Map<string, RosterOutcome>> {
    const outcomes = new Map<string, RosterOutcome>();
    const { tx, now } = context;
    const dueAt = (facts: MemberFacts): Date => firstCheckAt(facts, now, this.settings.GROUP_SWEEP_RECHECK_HOURS);
    for (const known of await lockMembers(tx, group.id, sightings, dueAt)) {
      const fresh = sightings.get(known.telegramId);
      if (!fresh) continue;
      const outcome = await this.merge(context, group, known, fresh);
      outcomes.set(known.telegramId, outcome);
      context.tx.afterCommit(() => this.recorded.labels(outcome).inc());
    }
    return outcomes;
  }

  /**
   * Merges Telegram's answers about people of one group, whose row the caller has locked, and notes when each is asked about next. Who
   * is not in the roster any more is left out: an answer brings nobody back.
   */
  async recordAnswers(
    context: CommandContext,
    group: { id: number; chat_id: string },
    answers: ReadonlyMap<string, MemberFacts>,
    dueAt: Date,
  ): Promise<{ confirmed: number; changed: number }> {
    const counts = { confirmed: 0, changed: 0 };
    if (answers.size === 0) return counts;
    for (const { telegramId, facts: known, userId } of await readMembers(context.tx, group.id, [...answers.keys()])) {
      const answer = answers.get(telegramId);
      if (!answer || !known) continue;
      const { facts, outcome, isOpen } = factsAfterCheck(known, answer);
      const checkedAt = new Date(answer.lastSeenAt);
      await noteAnswer(context.tx, { groupId: group.id, telegramId }, facts, {
        checkedAt,
        dueAt: isOpen ? context.now : dueAt,
      });
      if (outcome === 'changed')
        tellMember(context, group, { telegramId, userId, before: known, after: facts }, answer);
      counts[outcome] += 1;
    }
    return counts;
  }

  private async merge(
    context: CommandContext,
    group: { id: number; chat_id: string },
    { telegramId, facts, userId }: KnownMember,
    fresh: MemberFacts,
  ): Promise<RosterOutcome> {
    const merged = facts ? mergeFacts(facts, fresh) : fresh;
    if (facts && sameFacts(facts, merged)) return 'kept';
    await writeMember(context.tx, group.id, telegramId, merged);
    tellMember(context, group, { telegramId, userId, before: facts, after: merged }, fresh);
    return facts ? 'updated' : 'added';
  }
}

interface Told {
  readonly telegramId: string;
  readonly userId: number | null;
  readonly before: MemberFacts | null;
  readonly after: MemberFacts;
}

/** Says what became of somebody in a roster, and by which news. */
function tellMember(
  context: CommandContext,
  group: { id: number; chat_id: string },
  { telegramId, userId, before, after }: Told,
  news: MemberFacts,
): void {
  const about = { group_id: group.id, telegram_id: telegramId, user_id: userId, source: news.source };
  const at = new Date(news.lastSeenAt).toISOString();
  const change = {
    ...(userId !== null && { user_id: userId }),
    ...(before && { before: { standing: before.standing, source: before.source } }),
    after: { group_id: group.id, telegram_id: telegramId, standing: after.standing, source: after.source },
  };
  if (before?.standing === after.standing) {
    context.emit(GroupMemberSeen, { ...about, at }, change);
    return;
  }
  const standings = { standing: after.standing, previous: before?.standing ?? null };
  context.emit(GroupMemberChanged, { ...about, chat_id: group.chat_id, ...standings, at }, change);
}

function sameFacts(left: MemberFacts, right: MemberFacts): boolean {
  return (Object.keys(left) as (keyof MemberFacts)[]).every((key) => left[key] === right[key]);
}
