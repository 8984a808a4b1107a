import { Injectable } from '@nestjs/common';
import { MigrateGroup, RecordGroupBot, type Call, type InputOf } from '#contracts';
import { timeOrderedId, type Clock } from '#messaging';
import { InjectClock } from '#service';
import { PatientClient } from '../member/patient.client.js';

export type GroupChat = InputOf<typeof RecordGroupBot>['chat'];
type BotNews = Pick<InputOf<typeof RecordGroupBot>, 'status' | 'rights'>;

/** When Telegram was asked, in whole seconds as its own times are: news of the same second is newer than the answer. */
export function secondsOf(time: Date): number {
  return Math.floor(time.getTime() / 1_000);
}

/** Tells what Telegram's answers reveal about a group itself (U-12): what the bot is there, that it is out, that the group has moved. */
@Injectable()
export class GroupFateRecorder {
  constructor(
    private readonly client: PatientClient,
    @InjectClock() private readonly clock: Clock,
  ) {}

  /** What was answered to a question of these seconds; resolves with the rights that the bot lacks. */
  async recordBot(chat: GroupChat, { status, rights }: BotNews, seconds: number): Promise<string[]> {
    const call = this.call();
    const input = { chat, status, rights, at: new Date(seconds * 1_000).toISOString() };
    const recorded = await this.client.command(RecordGroupBot, input, call, `group-check:${call.request_id}`);
    return recorded.missing_rights;
  }

  async recordGone(chat: GroupChat, seconds: number): Promise<void> {
    await this.recordBot(chat, { status: 'left', rights: [] }, seconds);
  }

  async recordMove(chat: GroupChat, movedTo: number): Promise<void> {
    const next = { ...chat, chat_id: String(movedTo), kind: 'supergroup' as const };
    const input = { from_chat_id: chat.chat_id, chat: next, at: this.clock.now().toISOString() };
    await this.client.command(MigrateGroup, input, this.call(), `migration:${chat.chat_id}:${movedTo}`);
  }

  /** The platform itself asks, not a person. */
  call(): Call {
    const actor = { kind: 'system', name: 'telegram-bot' } as const;
    return { request_id: timeOrderedId(this.clock.now()), actor, channel: 'bot', locale: 'en' };
  }
}
