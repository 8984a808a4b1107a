import { type ButtonWanted, buttonTexts, currentKeyboard, findButton, type FoundButton } from './button.finder.js';
import type { EmulatorCore } from './emulator.core.js';
import type { EmulatedGroup } from './group.driver.js';
import { askToJoin, joinGroup, leaveGroup } from './join.actions.js';
import type { ChatMessage, Contact, Location, ReplyKeyboard, User } from './telegram.types.js';
import {
  askInline,
  forwardContact,
  forwardLocation,
  pressCallback,
  pressStart,
  sendContact,
  sendLocation,
  sendVenue,
  sendPhoto,
  sendText,
  setBlocked,
} from './user.actions.js';
import type { ChatRecord, MemberRecord } from './world.store.js';

export type { ButtonWanted };

/** The bot's answer to a button press; empty for a silent answer, `url` also for buttons that only open a link. */
export interface CallbackAnswer {
  text?: string;
  show_alert?: boolean;
  url?: string;
}

/** Where to look or write: default is the private chat with the bot. */
export interface WhereOptions {
  group?: EmulatedGroup;
  /** Default 10,000 ms. */
  timeoutMs?: number;
}

const patienceMs = 30_000;

/** The user side of the chat: what one person can do and see in the Telegram app. */
export class EmulatedMember {
  constructor(
    private readonly core: EmulatorCore,
    readonly id: number,
  ) {}

  get user(): User {
    return structuredClone(this.record.user);
  }

  /** Writes to the bot. Resolves when the update is queued (and saved), not when the bot has handled it. */
  async send(text: string): Promise<void> {
    sendText(this.core, this.record, this.chatRecord(), text);
    await this.core.flush();
  }

  /** Writes into a group, optionally into one of its topics. */
  async sendIn(group: EmulatedGroup, text: string, options: { message_thread_id?: number } = {}): Promise<void> {
    sendText(this.core, this.record, this.chatRecord(group), text, options.message_thread_id);
    await this.core.flush();
  }

  /** Opens the bot, by a deep link when there is a payload, and presses Start. */
  async start(payload?: string): Promise<void> {
    pressStart(this.core, this.record, payload);
    await this.core.flush();
  }

  /** Shares a contact: the own card unless told otherwise (`user_id: undefined` = a card without Telegram account). */
  async shareContact(card: Partial<Contact> = {}): Promise<void> {
    sendContact(this.core, this.record, card);
    await this.core.flush();
  }

  /** Forwards a contact that somebody else has sent. */
  async forwardContact(author: EmulatedMember, card: Contact): Promise<void> {
    forwardContact(this.core, this.record, author.user, card);
    await this.core.flush();
  }

  /** Sends where one is, as the location button of the app does. */
  async shareLocation(location: Location): Promise<void> {
    sendLocation(this.core, this.record, location);
    await this.core.flush();
  }

  /** Forwards where somebody else is. */
  async forwardLocation(author: EmulatedMember, location: Location): Promise<void> {
    forwardLocation(this.core, this.record, author.user, location);
    await this.core.flush();
  }

  /** Sends a place out of the app's list. */
  async sendVenue(location: Location, title: string): Promise<void> {
    sendVenue(this.core, this.record, location, title);
    await this.core.flush();
  }

  /** Sends a photo; the same name is the same photo. */
  async sendPhoto(name: string, caption?: string): Promise<void> {
    sendPhoto(this.core, this.record, name, caption);
    await this.core.flush();
  }

  /**
   * Presses a button of the newest message that has it, waiting until one does. Inline buttons resolve with the bot's answer and
   * reject when there is none in time; a reply keyboard's button sends its text (or the own contact).
   */
  async click(wanted: ButtonWanted, { group, timeoutMs = patienceMs }: WhereOptions = {}): Promise<CallbackAnswer> {
    const find = (): FoundButton | undefined => findButton(this.chatRecord(group).messages, wanted);
    const found = await this.untilFound(find, timeoutMs, () => {
      const buttons = buttonTexts(this.chatRecord(group).messages).join(' | ');
      return `no button ${describe(wanted)}; there are: ${buttons || 'none'}`;
    });
    if (found.kind === 'reply') {
      await (found.button.request_contact === true ? this.shareContact() : this.send(found.button.text));
      return {};
    }
    const { callback_data: data, url, web_app: app } = found.button;
    if (data === undefined) {
      return { url: url ?? app?.url ?? '' };
    }
    const answer = pressCallback(this.core, this.record, found.message, data, timeoutMs);
    await this.core.flush();
    return await answer;
  }

  /** Types `@bot <text>` somewhere; resolves with the results the bot offers. */
  async inlineQuery(text: string, timeoutMs = patienceMs): Promise<unknown[]> {
    const answer = await askInline(this.core, this.record, text, timeoutMs);
    return answer['results'] as unknown[];
  }

  block(): void {
    setBlocked(this.core, this.record, true);
    this.core.saveSoon();
  }

  unblock(): void {
    setBlocked(this.core, this.record, false);
    this.core.saveSoon();
  }

  /** Deletes the Telegram account: the bot gets 403 "user is deactivated" from now on. */
  deactivate(): void {
    this.record.deactivated = true;
    this.core.saveSoon();
  }

  /** Joins a group; by a link with approval it only asks. Returns whether the member is in now. */
  async join(group: EmulatedGroup, inviteLink?: string): Promise<boolean> {
    const isIn = joinGroup(this.core, this.record, this.chatRecord(group), inviteLink);
    await this.core.flush();
    return isIn;
  }

  /** Asks to join a group that lets nobody in without approval. */
  async askToJoin(group: EmulatedGroup): Promise<void> {
    askToJoin(this.core, this.record, this.chatRecord(group));
    await this.core.flush();
  }

  async leave(group: EmulatedGroup): Promise<void> {
    leaveGroup(this.core, this.record, this.chatRecord(group));
    await this.core.flush();
  }

  /** The chat as the member sees it, oldest first, edits applied. */
  chat(group?: EmulatedGroup): ChatMessage[] {
    return structuredClone(this.chatRecord(group).messages);
  }

  /** The newest message, whoever wrote it; throws in an empty chat. */
  lastMessage(group?: EmulatedGroup): ChatMessage {
    const message = this.chat(group).at(-1);
    if (message === undefined) {
      throw new Error('the chat is empty');
    }
    return message;
  }

  /** The keyboard below the input field, if one is shown. */
  keyboard(group?: EmulatedGroup): ReplyKeyboard | undefined {
    return currentKeyboard(this.chat(group));
  }

  /**
   * Waits for a message of the bot that was written or edited after the member's last own action and that fits (a pattern is
   * tried on its text or caption). Looks at what is there already, newest first, then at what comes.
   */
  waitForMessage(
    wanted: RegExp | ((message: ChatMessage) => boolean),
    options: number | WhereOptions = {},
  ): Promise<ChatMessage> {
    const { group, timeoutMs = patienceMs } = typeof options === 'number' ? { timeoutMs: options } : options;
    const since = this.record.actedAt;
    const fits = (message: ChatMessage): boolean =>
      wanted instanceof RegExp ? wanted.test(message.text ?? message.caption ?? '') : wanted(message);
    const fresh = (): ChatMessage[] =>
      this.chatRecord(group).messages.filter(({ from, revision }) => from?.id === this.core.bot.id && revision > since);
    const find = (): ChatMessage | undefined => structuredClone(fresh().findLast(fits));
    return this.untilFound(find, timeoutMs, () => {
      const seen = fresh()
        .slice(-5)
        .map((message) => message.text ?? message.caption ?? '(no text)');
      return `no message fits ${String(wanted)}; the bot wrote: ${seen.length === 0 ? 'nothing' : seen.join('\n---\n')}`;
    });
  }

  private get record(): MemberRecord {
    return this.core.world.requireMember(this.id);
  }

  private chatRecord(group?: EmulatedGroup): ChatRecord {
    return this.core.world.requireChat(group?.id ?? this.id);
  }

  private untilFound<T>(find: () => T | undefined, timeoutMs: number, complaint: () => string): Promise<T> {
    return new Promise((resolve, reject) => {
      const { events } = this.core.world;
      const finish = (): void => {
        clearTimeout(timer);
        events.off('change', look);
      };
      const look = (): void => {
        try {
          const found = find();
          if (found !== undefined) {
            finish();
            resolve(found);
          }
        } catch (error) {
          finish();
          reject(error);
        }
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`${complaint()} (waited ${timeoutMs} ms)`));
      }, timeoutMs);
      events.on('change', look);
      look();
    });
  }
}

function describe(wanted: ButtonWanted): string {
  return typeof wanted === 'object' && 'data' in wanted ? `with data "${wanted.data}"` : `"${String(wanted)}"`;
}
