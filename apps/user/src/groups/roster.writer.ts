import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { GroupMemberChanged, GroupMemberSeen } from '#contracts';
import type { CommandContext } from '#messaging';
import { Metrics } from '#service';
import { lockMembers, writeMember, type KnownMember } from './group-member.store.js';
import { mergeFacts, type MemberFacts } from './sighting.rules.js';

export type RosterOutcome = 'added' | 'updated' | 'kept';

/** The only writer of rosters: locks the rows, merges what is new into what is known, and tells what changed. */
@Injectable()
export class RosterWriter {
  private readonly recorded: Counter<'outcome'>;

  constructor(metrics: Metrics) {
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
    for (const known of await lockMembers(context.tx, group.id, sightings)) {
      const fresh = sightings.get(known.telegramId);
      if (!fresh) continue;
      const outcome = await this.merge(context, group, known, fresh);
      outcomes.set(known.telegramId, outcome);
      context.tx.afterCommit(() => this.recorded.labels(outcome).inc());
    }
    return outcomes;
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
    const about = { group_id: group.id, telegram_id: telegramId, user_id: userId, source: fresh.source };
    const at = new Date(fresh.lastSeenAt).toISOString();
    const change = {
      ...(userId !== null && { user_id: userId }),
      ...(facts && { before: { standing: facts.standing, source: facts.source } }),
      after: { group_id: group.id, telegram_id: telegramId, standing: merged.standing, source: merged.source },
    };
    if (facts?.standing === merged.standing) context.emit(GroupMemberSeen, { ...about, at }, change);
    else {
      const news = { chat_id: group.chat_id, standing: merged.standing, previous: facts?.standing ?? null, at };
      context.emit(GroupMemberChanged, { ...about, ...news }, change);
    }
    return facts ? 'updated' : 'added';
  }
}

function sameFacts(left: MemberFacts, right: MemberFacts): boolean {
  return (Object.keys(left) as (keyof MemberFacts)[]).every((key) => left[key] === right[key]);
}
