import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { Telegram } from 'telegraf';
import { AppError, RecordRosterChecks, TakeRosterChecks, type OutputOf, type RosterCheck } from '#contracts';
import { timeOrderedId, type Clock } from '#messaging';
import { InjectClock, InjectLogger, InjectSettings, Metrics, type Logger } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import { PatientClient } from '../member/patient.client.js';
import { timeLimit } from '../telegram/telegram.client.js';
import { GroupFateRecorder, secondsOf } from './group-fate.recorder.js';
import { lookupFailure, type LookupFailure } from './lookup.errors.js';
import { sighting, standingOf, type ChatMember } from './roster-news.rules.js';
import { SweepTurnStore } from './sweep-turn.store.js';

/** How often it is looked whether a round is due or was called for. */
const lookEveryMs = 1_000;
/** Taken and told of together: what a replica that dies leaves undone. */
const rowsPerStep = 25;
/** At most ten questions a second: they must not use up what members' answers need. */
const betweenCallsMs = 100;
const callTimeoutMs = 10_000;

type DueGroup = OutputOf<typeof TakeRosterChecks>['groups'][number];
type EndOfGroup = { readonly kind: 'done' | 'stopped' } | Exclude<LookupFailure, { kind: 'not_known' | 'refused' }>;

/**
 * Asks Telegram round by round where the people in the rosters are (U-12), those first it was longest not asked about: updates get lost,
 * and none come while the bot is no administrator. An answer is news like any other; no answer says nothing about anybody.
 */
@Injectable()
export class RosterSweepWorker {
  private readonly lookups: Counter<'outcome'>;

  constructor(
    private readonly client: PatientClient,
    private readonly groups: GroupFateRecorder,
    private readonly turns: SweepTurnStore,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
    @InjectSettings() private readonly settings: GatewaySettings,
    metrics: Metrics,
  ) {
    this.lookups = metrics.counter('coser_roster_lookups_total', 'Questions to Telegram about people in rosters', [
      'outcome',
    ]);
    const outcomes = ['answered', 'not_known', 'refused', 'moved', 'gone', 'rest', 'failed'] as const;
    for (const outcome of outcomes) this.lookups.labels(outcome).inc(0);
  }

  /** Works whenever it is this replica's turn, until `stop`; never rejects. */
  async run(telegram: Telegram, stop: AbortSignal): Promise<void> {
    if (this.settings.GROUP_SWEEP_MEMBERS_PER_ROUND === 0) return;
    while (!stop.aborted) {
      if (await this.turns.mayBegin()) {
        await this.round(telegram, stop).catch((error: unknown) => {
          if (!stop.aborted) this.logger.warn({ error }, 'rosters could not be checked, they will be later');
        });
      }
      await pause(lookEveryMs, undefined, { signal: stop }).catch(() => undefined);
    }
    await this.turns.giveUp();
  }

  private async round(telegram: Telegram, stop: AbortSignal): Promise<void> {
    let left = this.settings.GROUP_SWEEP_MEMBERS_PER_ROUND;
    while (left > 0 && !stop.aborted && (await this.turns.mayGoOn())) {
      const limit = Math.min(left, rowsPerStep);
      const id = timeOrderedId(this.clock.now());
      const { groups, more } = await this.client.command(TakeRosterChecks, { limit }, this.groups.call(), `take:${id}`);
      for (const group of groups) {
        if (!(await this.checkGroup(telegram, group, id, stop))) return;
      }
      if (!more) return;
      left -= limit;
    }
  }

  /** False when the round is over; what was not asked then is handed out again later. */
  private async checkGroup(telegram: Telegram, group: DueGroup, takeId: string, stop: AbortSignal): Promise<boolean> {
    const checks: RosterCheck[] = [];
    // The moment before all questions: what is news by then is newer than that the bot is out.
    const seconds = secondsOf(this.clock.now());
    const end = await this.lookUpAll(telegram, group, checks, stop);
    await this.tell(group, checks, `checks:${takeId}:${group.group_id}`);
    switch (end.kind) {
      case 'done':
        return true;
      case 'moved':
        await this.groups.recordMove(group.chat, end.chatId);
        return true;
      case 'gone':
        await this.groups.recordGone(group.chat, seconds);
        return true;
      case 'rest':
        this.logger.warn({ pause_ms: end.milliseconds }, 'Telegram wants no more questions about rosters for a while');
        await this.turns.rest(end.milliseconds);
        return false;
      case 'failed':
        this.logger.warn(
          { error: end.error, chat_id: group.chat.chat_id },
          'Telegram could not be asked about a roster',
        );
        return false;
      case 'stopped':
        return false;
    }
  }

  /**
   * Asks about one after the other and adds what is said to `checks`, until all are asked or something stands in the way. Slow answers
   * take longer than a turn lasts, so it is asked for again before each.
   */
  private async lookUpAll(
    telegram: Telegram,
    { chat, telegram_ids: ids }: DueGroup,
    checks: RosterCheck[],
    stop: AbortSignal,
  ): Promise<EndOfGroup> {
    for (const id of ids) {
      if (stop.aborted || !(await this.turns.mayGoOn())) return { kind: 'stopped' };
      const found = await this.lookUp(telegram, chat.chat_id, id, stop);
      if (stop.aborted && 'kind' in found) return { kind: 'stopped' };
      this.lookups.labels('kind' in found ? found.kind : found.outcome).inc();
      if ('kind' in found) return found;
      checks.push(found);
      await pause(betweenCallsMs, undefined, { signal: stop }).catch(() => undefined);
    }
    return { kind: 'done' };
  }

  private async lookUp(
    telegram: Telegram,
    chatId: string,
    telegramId: string,
    stop: AbortSignal,
  ): Promise<RosterCheck | Exclude<EndOfGroup, { kind: 'done' | 'stopped' }>> {
    const seconds = secondsOf(this.clock.now());
    try {
      const question = { chat_id: Number(chatId), user_id: Number(telegramId) };
      const answer = await telegram.callApi('getChatMember', question, { signal: timeLimit(callTimeoutMs, stop) });
      return answerOf(answer as unknown as ChatMember, telegramId, seconds);
    } catch (error) {
      const failure = lookupFailure(error);
      if (failure.kind !== 'not_known' && failure.kind !== 'refused') return failure;
      return { outcome: failure.kind, telegram_id: telegramId, at: new Date(seconds * 1_000).toISOString() };
    }
  }

  private async tell(group: DueGroup, checks: readonly RosterCheck[], key: string): Promise<void> {
    if (checks.length === 0) return;
    const input = { group_id: group.group_id, checks: [...checks] };
    await this.client.command(RecordRosterChecks, input, this.groups.call(), key).catch((error: unknown) => {
      // The group has moved meanwhile: its people are asked about in the new one.
      if (!(error instanceof AppError && error.errorName === 'group.not_found')) throw error;
    });
  }
}

function answerOf(member: ChatMember, telegramId: string, seconds: number): RosterCheck {
  const { first_name, username, at } = sighting(member.user, standingOf(member), member.status, 'lookup', seconds, 0);
  return {
    outcome: 'answered',
    telegram_id: telegramId,
    first_name,
    username,
    standing: standingOf(member),
    telegram_status: member.status,
    at,
  };
}
