import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import {
  type AppError,
  CloseConsoleAccount,
  CreateConsoleAccount,
  GetUser,
  ListConsoleAccounts,
  RenewConsolePassword,
  type ErrorName,
  type OutputOf,
} from '#contracts';
import { Texts } from '#i18n';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { allowedTo, answerDecides, pressDecides } from '../feature.parts.js';
import { showsPages, type Screen } from '../list-screen.parts.js';
import { formatDateTime } from '../locale.format.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { refusalText } from '../refusal.text.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { memberLine } from './admin-card.view.js';
import { keepDraft, recallDraft } from './admin-draft.parts.js';
import {
  consoleAskPress,
  consoleDoPress,
  consoleEntry,
  consoleNewPress,
  consolePagePress,
  consolePress,
} from './console.keyboard.js';
import { passwordPageUrl } from './page-link.parts.js';
import { orAskAgain, type Asking } from './retry.parts.js';
import { cancelButton, entryButton, menuButton, sectionButton, turningRows } from './menu.view.js';

type Account = OutputOf<typeof ListConsoleAccounts>['items'][number];
type Token = OutputOf<typeof CreateConsoleAccount>;
type Action = 'renew' | 'close';

interface Known {
  readonly profile: OutputOf<typeof GetUser>;
  readonly account: Account | undefined;
}

const perPage = 8;
const pagesAtMost = 25;
const draftKind = 'console_action';
const keeping = 'console_account.manage';
const draftSchema = z.object({ id: z.int(), action: z.enum(['renew', 'close']) });
const nameAsked = defineConversation('console_name', 'bot_console.name_again', z.object({ id: z.int() }));

/** After these another name may do. */
const worthAnotherTry: readonly ErrorName[] = ['request.invalid', 'console.username_taken'];

/**
 * The accounts of the admin console, for whom the permission names (U-13): make one, give it a new one-time code to set a password
 * with, close it. The chat with the bot is itself what confirms dangerous things elsewhere, so a question here is enough.
 */
@Injectable()
export class ConsoleFeature implements BotFeature {
  static readonly menu = [consoleEntry];
  readonly composer = new Composer<BotContext>();
  private readonly asking: Asking;

  constructor(
    private readonly conversations: ConversationStore,
    private readonly texts: Texts,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    this.asking = { conversations, worthAnotherTry, askAgain: (context, refusal) => this.askAgain(context, refusal) };
    const keepers = allowedTo(this.composer, keeping);
    showsPages(keepers, { entry: consoleEntry, turn: consolePagePress }, (visit, page) => this.list(visit, page));
    // The way there leads from the card of a member, too, which others may see.
    const admins = allowedTo(this.composer, 'user.read');
    pressDecides(admins, keeping, consolePress, async (context, { id }) =>
      sendAnswer(context, ...this.card(context.visit, await this.know(context.visit, id))),
    );
    pressDecides(admins, keeping, consoleNewPress, (context, { id }) => this.askForName(context, id));
    answerDecides(admins, keeping, nameAsked, (context, name, { id }) => this.create(context, id, name));
    pressDecides(admins, keeping, consoleAskPress, (context, { id, action }) => this.ask(context, id, action));
    pressDecides(admins, keeping, consoleDoPress, (context, { mark }) => this.carryOut(context, mark));
  }

  private async list(visit: Visit, page: number): Promise<Screen> {
    const found = await visit.query(ListConsoleAccounts, { page, page_size: perPage });
    const { items, total } = found;
    const mine = (await this.accountOf(visit, visit.member.id)) !== undefined;
    const rows = items.map(({ user_id, username }) => [
      button(`${username} · #${user_id}`, consolePress.pack({ id: user_id })),
    ]);
    const own = button(visit.text('bot_console.buttons.mine'), consolePress.pack({ id: visit.member.id }));
    const text = total > 0 ? visit.html('bot_console.choose') : visit.html('bot_console.none');
    const html = `${visit.html('bot_console.title')}\n\n${text}\n\n${visit.html('bot_console.how_for_others')}`;
    return [
      html,
      [
        ...rows,
        ...turningRows(visit, found, (page) => consolePagePress.pack({ page })),
        ...(mine ? [] : [[own]]),
        [sectionButton(visit, 'admin'), menuButton(visit)],
      ],
    ];
  }

  private async know(visit: Visit, id: number): Promise<Known> {
    const [profile, account] = await Promise.all([visit.query(GetUser, { user_id: id }), this.accountOf(visit, id)]);
    return { profile, account };
  }

  private card(visit: Visit, { profile, account }: Known): Screen {
    const { id } = profile;
    const onward = [entryButton(visit, consoleEntry), menuButton(visit)];
    const title = visit.html('bot_console.card.title', { member: memberLine(profile) });
    if (account === undefined) {
      const create = button(visit.text('bot_console.buttons.create'), consoleNewPress.pack({ id }));
      return [`${title}\n\n${visit.html('bot_console.card.none')}`, [[create], onward]];
    }
    const html = [
      title,
      '',
      visit.html('bot_console.card.name', { username: account.username }),
      account.has_password ? visit.html('bot_console.card.password') : visit.html('bot_console.card.no_password'),
      account.has_second_factor ? visit.html('bot_console.card.factor') : visit.html('bot_console.card.no_factor'),
    ].join('\n');
    const renew = button(visit.text('bot_console.buttons.renew'), consoleAskPress.pack({ id, action: 'renew' }));
    const close = button(visit.text('bot_console.buttons.close'), consoleAskPress.pack({ id, action: 'close' }));
    return [html, [[renew], [close], onward]];
  }

  /** Accounts are few: those of a community's admins. */
  private async accountOf(visit: Visit, id: number): Promise<Account | undefined> {
    for (let page = 1; page <= pagesAtMost; page += 1) {
      const { items, total, page_size } = await visit.query(ListConsoleAccounts, { page, page_size: 100 });
      const found = items.find(({ user_id }) => user_id === id);
      if (found !== undefined || page * page_size >= total) return found;
    }
    return undefined;
  }

  private async askForName(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const known = await this.know(visit, id);
    if (known.account) return replaceAnswer(context, ...this.card(visit, known));
    await this.conversations.begin(context, nameAsked, { id });
    await sendAnswer(context, visit.html('bot_console.ask_name'), [[cancelButton(visit)]]);
  }

  private async create(context: BotContext, id: number, name: string): Promise<void> {
    await orAskAgain(context, this.asking, async () => {
      const token = await context.visit.command(CreateConsoleAccount, { user_id: id, username: name });
      await this.conversations.end(context);
      await this.handOver(context, token);
    });
  }

  private async askAgain(context: BotContext, refusal: AppError): Promise<void> {
    const { visit } = context;
    const why =
      refusal.errorName === 'request.invalid'
        ? visit.html('bot_console.name_again')
        : refusalText(this.texts, visit.locale, refusal, visit.requestId);
    await sendAnswer(context, why, [[cancelButton(visit)]]);
  }

  private async ask(context: BotContext, id: number, action: Action): Promise<void> {
    const { visit } = context;
    const known = await this.know(visit, id);
    if (!known.account) return replaceAnswer(context, ...this.card(visit, known));
    const mark = await keepDraft(this.conversations, context, draftKind, { id, action });
    const html = visit.html(`bot_console.ask_${action}`, { member: memberLine(known.profile) });
    const yes = button(visit.text('bot_admin.buttons.confirm'), consoleDoPress.pack({ id, action, mark }));
    await replaceAnswer(context, html, [[yes], [entryButton(visit, consoleEntry), menuButton(visit)]]);
  }

  private async carryOut(context: BotContext, mark: string): Promise<void> {
    const { visit } = context;
    const wish = await recallDraft(this.conversations, context, draftKind, { draft: mark, schema: draftSchema });
    if (wish === null) return sendAnswer(context, visit.html('bot_admin.outdated'), [[menuButton(visit)]]);
    if (wish.action === 'renew') {
      return this.handOver(context, await visit.command(RenewConsolePassword, { user_id: wish.id }));
    }
    await visit.command(CloseConsoleAccount, { user_id: wish.id });
    await replaceAnswer(context, visit.html('bot_console.closed'), [
      [entryButton(visit, consoleEntry), menuButton(visit)],
    ]);
  }

  /** The code is shown once, behind a spoiler; who has it sets the password. */
  private async handOver(
    context: BotContext,
    { username, set_password_token: code, token_expires_at }: Token,
  ): Promise<void> {
    const { visit } = context;
    const until = formatDateTime(visit.locale, token_expires_at, this.settings.COMMUNITY_TIMEZONE);
    const page = passwordPageUrl(this.settings);
    const html = visit.html('bot_console.token', { username, code, until, page });
    await replaceAnswer(context, html, [[entryButton(visit, consoleEntry), menuButton(visit)]]);
  }
}
