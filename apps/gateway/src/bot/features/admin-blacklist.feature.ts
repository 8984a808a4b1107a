import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import {
  AddToEmailBlacklist,
  blacklistKinds,
  CheckEmailAddress,
  ListEmailBlacklist,
  RemoveFromEmailBlacklist,
  type ErrorName,
} from '#contracts';
import { Texts } from '#i18n';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, answerDecides, onAnswer, pressDecides } from '../feature.parts.js';
import { findListed, showsPages, type Screen } from '../list-screen.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import {
  blacklistAddPress,
  blacklistAskPress,
  blacklistCardPress,
  blacklistCheckPress,
  blacklistConfirmPress,
  blacklistEntry,
  blacklistPagePress,
  blacklistRemovePress,
} from './admin-blacklist.keyboard.js';
import {
  askButtons,
  blacklistButtons,
  blacklistHtml,
  checkHtml,
  entryButtons,
  entryHtml,
  onwardRows,
  type BlacklistEntry,
} from './admin-blacklist.view.js';
import { keepDraft, recallDraft } from './admin-draft.parts.js';
import { cancelButton } from './menu.view.js';
import { orAskAgain, sayWhy, type Asking } from './retry.parts.js';

const perPage = 6;
const draftKind = 'admin_blacklist';
const wishSchema = z.object({ kind: z.enum(blacklistKinds), pattern: z.string(), note: z.string() });
type Wish = z.output<typeof wishSchema>;
const limits = { pattern: 255, note: 255, email: 128 };

const entryAsked = defineConversation('black_entry', 'bot_blacklist.ask.again', wishSchema.pick({ kind: true }));
const addressAsked = defineConversation('black_check', 'bot_blacklist.check.again');
const managing = 'email_blacklist.manage';

/** After these another text may do. */
const worthAnotherTry: readonly ErrorName[] = ['blacklist.entry_invalid', 'verification.address_invalid'];

/** Who gets no code by mail (U-08), in the admin menu (B-04): all entries, what is new, what is taken off, and whom it would hit. */
@Injectable()
export class AdminBlacklistFeature implements BotFeature {
  static readonly menu = [blacklistEntry];
  readonly composer = new Composer<BotContext>();
  private readonly asking: Asking;

  constructor(
    private readonly conversations: ConversationStore,
    texts: Texts,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    this.asking = { conversations, worthAnotherTry, askAgain: sayWhy(texts) };
    const admins = allowedTo(this.composer, 'email_blacklist.read');
    showsPages(admins, { entry: blacklistEntry, turn: blacklistPagePress }, (visit, page) => this.list(visit, page));
    admins.use(onPress(blacklistCardPress, (context, { id, page }) => this.show(context, id, page)));
    admins.use(onPress(blacklistCheckPress, (context) => this.askForAddress(context)));
    onAnswer(admins, addressAsked, (context, email) => this.check(context, email));
    this.manage(admins);
  }

  private manage(admins: Composer<BotContext>): void {
    pressDecides(admins, managing, blacklistAskPress, (context, { id, page }) => this.askToRemove(context, id, page));
    pressDecides(admins, managing, blacklistRemovePress, (context, { id }) => this.remove(context, id));
    pressDecides(admins, managing, blacklistAddPress, (context, { kind }) => this.askForEntry(context, kind));
    answerDecides(admins, managing, entryAsked, (context, text, { kind }) => this.takeEntry(context, text, kind));
    pressDecides(admins, managing, blacklistConfirmPress, (context, { draft }) => this.confirm(context, draft));
  }

  private async list(visit: Visit, page: number): Promise<Screen> {
    const found = await visit.query(ListEmailBlacklist, { page, page_size: perPage });
    return [blacklistHtml(visit, found), blacklistButtons(visit, found)];
  }

  private async find(visit: Visit, id: number, page: number): Promise<BlacklistEntry | undefined> {
    const found = await findListed({ id, page }, (at) =>
      visit.query(ListEmailBlacklist, { page: at, page_size: perPage }),
    );
    return found?.item;
  }

  private async show(context: BotContext, id: number, page: number): Promise<void> {
    const { visit } = context;
    const entry = await this.find(visit, id, page);
    if (entry === undefined) return replaceAnswer(context, ...(await this.list(visit, 1)));
    const html = entryHtml(visit, entry, this.settings.COMMUNITY_TIMEZONE);
    await replaceAnswer(context, html, entryButtons(visit, id, page));
  }

  private async askToRemove(context: BotContext, id: number, page: number): Promise<void> {
    const { visit } = context;
    const entry = await this.find(visit, id, page);
    if (entry === undefined) return replaceAnswer(context, ...(await this.list(visit, 1)));
    const html = visit.html('bot_blacklist.ask_remove', { pattern: entry.pattern });
    await replaceAnswer(context, html, askButtons(visit, id, page));
  }

  private async remove(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const { pattern } = await visit.commandOnce(RemoveFromEmailBlacklist, { id });
    await replaceAnswer(context, visit.html('bot_blacklist.removed', { pattern }), onwardRows(visit));
  }

  private async askForEntry(context: BotContext, kind: Wish['kind']): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, entryAsked, { kind });
    const html = `${visit.html(`bot_blacklist.ask.${kind}`)}\n\n${visit.html('bot_blacklist.ask.note')}`;
    await sendAnswer(context, html, [[cancelButton(visit)]]);
  }

  /** The first line is the entry, what follows the note. */
  private async takeEntry(context: BotContext, text: string, kind: Wish['kind']): Promise<void> {
    const { visit } = context;
    const [first = '', ...rest] = text.split('\n').map((line) => line.trim());
    const wish = { kind, pattern: first, note: rest.join(' ').trim() };
    if (wish.pattern.length > limits.pattern || wish.note.length > limits.note)
      return sendAnswer(context, visit.html('bot_blacklist.ask.again'), [[cancelButton(visit)]]);
    if (kind !== 'pattern') return orAskAgain(context, this.asking, () => this.add(context, wish));
    await this.conversations.end(context);
    const draft = await keepDraft(this.conversations, context, draftKind, wish);
    const yes = button(visit.text('bot_admin.buttons.confirm'), blacklistConfirmPress.pack({ draft }));
    const html = visit.html('bot_blacklist.preview', { pattern: wish.pattern });
    await sendAnswer(context, html, [[yes], ...onwardRows(visit)]);
  }

  private async confirm(context: BotContext, draft: string): Promise<void> {
    const { visit } = context;
    const wish = await recallDraft(this.conversations, context, draftKind, { draft, schema: wishSchema });
    if (wish === null) return sendAnswer(context, visit.html('bot_admin.outdated'), onwardRows(visit));
    const { pattern } = await visit.commandOnce(AddToEmailBlacklist, wish);
    await replaceAnswer(context, visit.html('bot_blacklist.added', { pattern }), onwardRows(visit));
  }

  private async add(context: BotContext, wish: Wish): Promise<void> {
    const { visit } = context;
    const { pattern } = await visit.command(AddToEmailBlacklist, wish);
    await this.conversations.end(context);
    await sendAnswer(context, visit.html('bot_blacklist.added', { pattern }), onwardRows(visit));
  }

  private async askForAddress(context: BotContext): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, addressAsked, {});
    await sendAnswer(context, visit.html('bot_blacklist.check.ask'), [[cancelButton(visit)]]);
  }

  private async check(context: BotContext, email: string): Promise<void> {
    const { visit } = context;
    if (email.length < 3 || email.length > limits.email)
      return sendAnswer(context, visit.html('bot_blacklist.check.again'), [[cancelButton(visit)]]);
    await orAskAgain(context, this.asking, async () => {
      const verdict = await visit.query(CheckEmailAddress, { email });
      await this.conversations.end(context);
      await sendAnswer(context, checkHtml(visit, email, verdict), onwardRows(visit));
    });
  }
}
