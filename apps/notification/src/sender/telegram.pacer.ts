import { Injectable } from '@nestjs/common';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings, timeForWaiting } from '#service';
import type { NotificationSettings } from '../notification.env.js';
import { SendingCounter } from './sending.counter.js';
import {
  burstOf,
  chatIntervalMs,
  isGroupChat,
  overallPauseMs,
  slotMs,
  slotsOf,
  type Limited,
} from './telegram-pace.rules.js';

/** Send now, or come back at this time (epoch milliseconds). Whoever goes must say `answered` afterwards, however it ended. */
export type Turn = { readonly go: true } | { readonly go: false; readonly until: number };

interface Waiter {
  readonly chatId: string;
  readonly lane: number;
  giveUpAt: number;
  resolve(turn: Turn): void;
}

/** As far ahead as one chat's next message may be while it waits here. */
const chatPatienceMs = 1_000;
const chatsRemembered = 5_000;
const limitedRemembered = 20;
const shortestTimerMs = 5;
const longestTimerMs = 1_000;
/** What another process may have sent just before this one took over. */
const coldStartMs = { overall: 1_000, group: 4_000 };

/**
 * Keeps to Telegram's pace (N-09): an overall rate, one rate per chat, the urgent lane first, and silence where Telegram asked for it.
 * Messages count from the moment they leave until a while after Telegram's answer, so that no delay on the way breaks a limit.
 */
@Injectable()
export class TelegramPacer {
  private readonly now: () => number;
  private readonly perSecond: number;
  private readonly burst: number;
  private readonly slots: SendingCounter;
  private tokens: number;
  private refilledAt: number;
  /** When each chat takes its next message. */
  private readonly chatOpensAt = new Map<string, number>();
  /** Chats with a message on its way. */
  private readonly busyChats = new Set<string>();
  /** The last time for which somebody was told to come back, by chat: the next one is sent behind them. */
  private readonly promisedAt = new Map<string, number>();
  private overallOpensAt = 0;
  private groupsOpenAt = 0;
  private limited: Limited[] = [];
  private waiters: Waiter[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(@InjectClock() clock: Clock, @InjectSettings() settings: NotificationSettings) {
    this.now = timeForWaiting(clock, (byMs) => this.setBack(byMs));
    this.perSecond = settings.TELEGRAM_MESSAGES_PER_SECOND;
    this.burst = burstOf(this.perSecond);
    this.slots = new SendingCounter(slotsOf(this.perSecond), slotMs);
    this.tokens = this.burst;
    this.refilledAt = this.now();
  }

  /** Until when nothing at all may be sent; a time in the past when something may. */
  get closedUntil(): number {
    this.now();
    return this.overallOpensAt;
  }

  /** This process begins to send: another one may have done so until now, and Telegram counts both together. */
  takeOver(pauses: readonly { readonly chatId: string | null; readonly until: number }[]): void {
    const now = this.now();
    this.overallOpensAt = Math.max(this.overallOpensAt, now + coldStartMs.overall);
    this.groupsOpenAt = now + coldStartMs.group;
    for (const { chatId, until } of pauses) {
      if (chatId === null) this.overallOpensAt = Math.max(this.overallOpensAt, until);
      else remember(this.chatOpensAt, chatId, until, now);
    }
  }

  /**
   * Waits for this chat's turn, but not longer than `patienceMs`: whoever would wait longer is told when to come back. A chat
   * that has several messages to come keeps one of them waiting here, so that it takes no room from other chats.
   */
  turn(chatId: string, lane: number, patienceMs: number): Promise<Turn> {
    const opensAt = this.expectedAt(chatId);
    if (opensAt > this.now() + chatPatienceMs) {
      return Promise.resolve({ go: false, until: this.promise(chatId, opensAt) });
    }
    return new Promise((resolve) => {
      this.waiters.push({ chatId, lane, giveUpAt: this.now() + patienceMs, resolve });
      // Stable: within a lane first come, first served.
      this.waiters.sort((left, right) => left.lane - right.lane);
      this.pump();
    });
  }

  /** Telegram has answered, or it never will. */
  answered(chatId: string): void {
    const now = this.now();
    this.slots.answered(now);
    this.busyChats.delete(chatId);
    remember(this.chatOpensAt, chatId, now + chatIntervalMs(chatId), now);
    this.pump();
  }

  /** Telegram said "too many requests" for this chat. Returns until when all chats rest. */
  penalise(chatId: string, retryAfterMs: number): number {
    const newest = { chatId, at: this.now(), retryAfterMs };
    const pauseMs = overallPauseMs(newest, this.limited);
    this.limited = [...this.limited, newest].slice(-limitedRemembered);
    this.overallOpensAt = Math.max(this.overallOpensAt, newest.at + pauseMs);
    remember(this.chatOpensAt, chatId, newest.at + retryAfterMs, newest.at);
    this.pump();
    return this.overallOpensAt;
  }

  /** Sends everybody home who still waits. */
  dismiss(): void {
    clearTimeout(this.timer);
    const until = this.now();
    for (const waiter of this.waiters.splice(0)) waiter.resolve({ go: false, until });
  }

  private pump(): void {
    clearTimeout(this.timer);
    const now = this.now();
    this.refill(now);
    const staying: Waiter[] = [];
    for (const waiter of this.waiters) {
      const { chatId } = waiter;
      const opensAt = this.opensAt(chatId);
      if (opensAt <= now && this.tokens >= 1 && !this.busyChats.has(chatId) && this.slots.hasRoom(now)) {
        this.tokens -= 1;
        this.slots.take();
        this.busyChats.add(chatId);
        waiter.resolve({ go: true });
      } else if (Math.max(opensAt, now) > waiter.giveUpAt) {
        waiter.resolve({ go: false, until: Math.max(opensAt, now) });
      } else {
        staying.push(waiter);
      }
    }
    this.waiters = staying;
    if (staying.length > 0) this.timer = setTimeout(() => this.pump(), this.nextLookMs(now));
  }

  private nextLookMs(now: number): number {
    const nextToken = this.tokens >= 1 ? now : now + ((1 - this.tokens) * 1_000) / this.perSecond;
    const nextSlot = this.slots.hasRoom(now) ? now : (this.slots.nextRelease ?? now + longestTimerMs);
    const nextChat = Math.min(...this.waiters.map(({ chatId }) => this.opensAt(chatId)));
    return Math.min(
      longestTimerMs,
      Math.max(shortestTimerMs, Math.ceil(Math.max(nextToken, nextSlot, nextChat) - now)),
    );
  }

  private opensAt(chatId: string): number {
    const groups = isGroupChat(chatId) ? this.groupsOpenAt : 0;
    return Math.max(this.overallOpensAt, groups, this.chatOpensAt.get(chatId) ?? 0);
  }

  private refill(now: number): void {
    const passedMs = Math.max(0, now - this.refilledAt);
    this.tokens = Math.min(this.burst, this.tokens + (passedMs * this.perSecond) / 1_000);
    this.refilledAt = now;
  }

  /** When a message that is asked for now could go, behind those of the same chat that wait already. */
  private expectedAt(chatId: string): number {
    const waiting = this.waiters.filter((waiter) => waiter.chatId === chatId).length;
    const ahead = waiting + (this.busyChats.has(chatId) ? 1 : 0);
    const now = this.now();
    return Math.max(this.opensAt(chatId), now) + ahead * chatIntervalMs(chatId);
  }

  private promise(chatId: string, opensAt: number): number {
    const until = Math.max(opensAt, (this.promisedAt.get(chatId) ?? 0) + chatIntervalMs(chatId));
    remember(this.promisedAt, chatId, until, this.now());
    return until;
  }

  private setBack(byMs: number): void {
    this.refilledAt -= byMs;
    this.overallOpensAt -= byMs;
    this.groupsOpenAt -= byMs;
    this.slots.setBack(byMs);
    this.limited = this.limited.map((limited) => ({ ...limited, at: limited.at - byMs }));
    for (const waiter of this.waiters) waiter.giveUpAt -= byMs;
    for (const times of [this.chatOpensAt, this.promisedAt]) for (const [chat, at] of times) times.set(chat, at - byMs);
  }
}

/** Keeps the later of two times, and no more chats than needed. */
function remember(times: Map<string, number>, chatId: string, at: number, now: number): void {
  times.set(chatId, Math.max(at, times.get(chatId) ?? 0));
  if (times.size <= chatsRemembered) return;
  for (const [chat, time] of times) if (time <= now) times.delete(chat);
}
