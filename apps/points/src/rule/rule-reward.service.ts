import { Injectable } from '@nestjs/common';
import { RuleRewarded, type LocalizedText } from '#contracts';
import { LedgerService, type Account, type Posting } from '../ledger/ledger.service.js';
import type { HeardEvent } from './rule-evaluation.service.js';
import type { RuleRow } from './rule.store.js';

/** What a rule gives for an event. */
export interface RuleReward {
  readonly row: RuleRow;
  readonly title: LocalizedText;
  readonly event: HeardEvent;
  readonly points: number;
}

/**
 * Gives what the rules have decided (P-06). What one member gets of one batch is one posting: however many events come for the
 * same account, it is locked once, and accounts are locked in the order of their ids.
 */
@Injectable()
export class RuleRewardService {
  constructor(private readonly ledger: LedgerService) {}

  async give(rewards: readonly RuleReward[]): Promise<void> {
    const [first] = rewards;
    if (!first) return;
    const members = new Map<number, RuleReward[]>();
    for (const reward of rewards) {
      const { userId } = reward.event;
      const given = members.get(userId);
      if (given) given.push(reward);
      else members.set(userId, [reward]);
    }
    const accounts = await this.ledger.lockAccounts(first.event.context, [...members.keys()]);
    for (const [userId, given] of members) {
      const account = accounts.get(userId);
      if (!account) throw new Error('an account that was to be locked is not there');
      await this.post(account, given);
    }
  }

  /** In the name of the member's own first event: the audit entry of the balance names its request, not a neighbour's. */
  private async post(account: Account, given: readonly RuleReward[]): Promise<void> {
    const [first] = given;
    if (!first) return;
    const postings = given.map(({ row, title, event, points }): Posting => {
      const key = `rule:${row.id}:${event.eventId}`;
      return { type: 'rule_reward', points, description: title.zh, key };
    });
    await this.ledger.post(first.event.context, account, postings);
    let { balance } = account;
    for (const { row, title, event, points } of given) {
      const before = { balance };
      balance += points;
      const fact = { rule_id: row.id, version: row.version, event_id: event.eventId, event_type: event.eventType };
      event.context.emit(
        RuleRewarded,
        { ...fact, user_id: event.userId, title, points, balance },
        { user_id: event.userId, before, after: { ...fact, points, balance } },
      );
    }
  }
}
