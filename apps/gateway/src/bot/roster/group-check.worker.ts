import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { TelegramError, type Telegram } from 'telegraf';
import type { Cache } from '#cache';
import { ListGroups, RecordGroupSightings, RecordUpdateTypes, sightingsAtMost, type OutputOf } from '#contracts';
import type { Clock } from '#messaging';
import { InjectCache, InjectClock, InjectLogger, InjectSettings, type Logger } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import { allowedUpdates } from '../bot.types.js';
import { PatientClient } from '../member/patient.client.js';
import { timeLimit } from '../telegram/telegram.client.js';
import { isUnreachable, retryAfterMs } from '../telegram/telegram.errors.js';
import { botIdOf } from '../telegram/update.rules.js';
import { GroupFateRecorder, secondsOf, type GroupChat } from './group-fate.recorder.js';
import { groupOf, rightsOf, sighting, standingOf, type ChatMember } from './roster-news.rules.js';

/** Without these the roster, the gate and the bot's reach would be blind, and nobody would notice. */
const typesNeeded = ['message', 'callback_query', 'my_chat_member', 'chat_member', 'chat_join_request'] as const;
const everyMs = 6 * 60 * 60_000;
/** Replicas that start together look once. */
const rememberedMs = 30_000;
const pageSize = 100;
const pagesAtMost = 100;
/** Between two groups: looking must not use up what members' answers need. */
const betweenGroupsMs = 100;
const callTimeoutMs = 10_000;
const triesAtMost = 3;

type Group = OutputOf<typeof ListGroups>['items'][number];

/** Asks Telegram, at the start and every six hours, what the bot may do in each group, and who the administrators are (U-12). */
@Injectable()
export class GroupCheckWorker {
  constructor(
    private readonly client: PatientClient,
    private readonly groups: GroupFateRecorder,
    @InjectCache() private readonly cache: Cache,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {}

  /** Looks again and again until `stop`; never rejects. */
  async run(telegram: Telegram, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const isFirst = await this.cache.putIfAbsent('bot:group-check', 'done', rememberedMs).catch(() => true);
      if (isFirst) {
        await this.check(telegram, stop).catch((error: unknown) => {
          if (!stop.aborted) this.logger.warn({ error }, 'the bot could not look at its groups');
        });
      }
      await pause(everyMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  private async check(telegram: Telegram, stop: AbortSignal): Promise<void> {
    await this.checkUpdateTypes(telegram, stop);
    for (let page = 1; page <= pagesAtMost && !stop.aborted; page += 1) {
      const { items } = await this.client.query(ListGroups, { page, page_size: pageSize }, this.groups.call());
      for (const group of items.filter(({ bot_status }) => bot_status !== 'left' && bot_status !== 'kicked')) {
        if (stop.aborted) return;
        await this.checkGroup(telegram, group, stop).catch((error: unknown) =>
          this.logger.warn({ error, chat_id: group.chat_id }, 'the bot could not look at a group'),
        );
        await pause(betweenGroupsMs, undefined, { signal: stop }).catch(() => undefined);
      }
      if (items.length < pageSize) return;
    }
  }

  private async checkUpdateTypes(telegram: Telegram, stop: AbortSignal): Promise<void> {
    const isByWebhook = this.settings.TELEGRAM_WEBHOOK_SECRET !== undefined;
    const { allowed_updates: agreed = [] } = await this.ask(telegram, 'getWebhookInfo', {}, stop);
    const coming: readonly string[] = isByWebhook ? agreed : allowedUpdates;
    const missing = typesNeeded.filter((type) => !coming.includes(type));
    if (missing.length > 0) this.logger.error({ missing }, 'Telegram does not send all kinds of updates the bot needs');
    const mode = isByWebhook ? 'webhook' : 'polling';
    const input = { mode, missing, at: this.clock.now().toISOString() } as const;
    await this.client.command(RecordUpdateTypes, input, this.groups.call(), `update-types:${input.at}`);
  }

  private async checkGroup(telegram: Telegram, group: Group, stop: AbortSignal): Promise<void> {
    const chatId = Number(group.chat_id);
    const seconds = secondsOf(this.clock.now());
    const self = Number(botIdOf(this.settings.TELEGRAM_BOT_TOKEN ?? ''));
    try {
      const chat = groupOf((await this.ask(telegram, 'getChat', { chat_id: chatId }, stop)) as never);
      if (!chat) return;
      const question = { chat_id: chatId, user_id: self };
      const bot = (await this.ask(telegram, 'getChatMember', question, stop)) as unknown as ChatMember;
      await this.recordBot(chat, bot, seconds);
      const administrators = await this.ask(telegram, 'getChatAdministrators', { chat_id: chatId }, stop);
      await this.recordAdministrators(chat, administrators as unknown as ChatMember[]);
    } catch (error) {
      const movedTo = error instanceof TelegramError ? error.parameters?.migrate_to_chat_id : undefined;
      if (movedTo !== undefined) await this.groups.recordMove(chatOf(group), movedTo);
      else if (isUnreachable(error)) await this.groups.recordGone(chatOf(group), seconds);
      else throw error;
    }
  }

  private async recordBot(chat: GroupChat, bot: ChatMember, seconds: number): Promise<void> {
    const news = { status: bot.status, rights: rightsOf(bot) };
    const missing = await this.groups.recordBot(chat, news, seconds);
    if (missing.length > 0) {
      this.logger.error({ chat_id: chat.chat_id, missing }, 'the bot lacks rights it needs in a group');
    }
  }

  private async recordAdministrators(chat: GroupChat, administrators: readonly ChatMember[]): Promise<void> {
    const now = this.clock.now();
    const seconds = secondsOf(now);
    const sightings = administrators
      .filter(({ user }) => !user.is_bot)
      .slice(0, sightingsAtMost)
      .map((member) => sighting(member.user, standingOf(member), member.status, 'administrators', seconds, 0));
    if (sightings.length === 0) return;
    const key = `administrators:${chat.chat_id}:${now.toISOString()}`;
    await this.client.command(RecordGroupSightings, { chat, sightings }, this.groups.call(), key);
  }

  /** Obeys `retry_after`, for a few tries. */
  private async ask<Method extends 'getWebhookInfo' | 'getChat' | 'getChatMember' | 'getChatAdministrators'>(
    telegram: Telegram,
    method: Method,
    payload: Parameters<typeof telegram.callApi<Method>>[1],
    stop: AbortSignal,
  ): ReturnType<typeof telegram.callApi<Method>> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await telegram.callApi(method, payload, { signal: timeLimit(callTimeoutMs, stop) });
      } catch (error) {
        const waitMs = retryAfterMs(error);
        if (waitMs === undefined || tries >= triesAtMost) throw error;
        await pause(waitMs, undefined, { signal: stop });
      }
    }
  }
}

function chatOf({ chat_id, kind, title, username }: Group): GroupChat {
  return { chat_id, kind, title, username };
}
