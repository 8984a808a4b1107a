import { Injectable } from '@nestjs/common';
import { Composer, TelegramError } from 'telegraf';
import { z } from 'zod';
import { DecideContent, GetUser, ListSubmittedContents, type Content } from '#contracts';
import { escapeHtml } from '#i18n';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, opens, pressDecides } from '../feature.parts.js';
import { formatNumber, formatShortDateTime } from '../locale.format.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer, type ButtonRows } from '../telegram/answer.sender.js';
import { memberLine } from './admin-card.view.js';
import { pointsText } from './amount.view.js';
import { cancelButton, entryButton, menuButton, sectionButton } from './menu.view.js';
import { reasonDecides } from './reason.parts.js';
import { reviewApprovePress, reviewEntry, reviewNextPress, reviewRejectPress } from './review.keyboard.js';

/** What a work may be worth, in rows of four. */
const worths = [5, 10, 15, 20, 25, 30, 40, 50] as const;
const worthsPerRow = 4;
const reasonAsked = defineConversation('review_reason', 'bot_admin.reason.again', z.object({ id: z.int() }));

/** The works that members have handed in (P-05), one after the other: look at it, and give it points or say why not. */
@Injectable()
export class ReviewFeature implements BotFeature {
  static readonly menu = [reviewEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    const admins = allowedTo(this.composer, 'content.read');
    opens(admins, reviewEntry, (context) => this.show(context, 1));
    admins.use(onPress(reviewNextPress, (context, { page }) => this.show(context, page)));
    const deciding = 'content.decide';
    pressDecides(admins, deciding, reviewApprovePress, (context, { id, points }) => this.approve(context, id, points));
    pressDecides(admins, deciding, reviewRejectPress, (context, { id }) => this.askReason(context, id));
    reasonDecides(admins, deciding, reasonAsked, (context, reason, { id }) => this.reject(context, id, reason));
  }

  /** The oldest that waits, or a later one; whoever has come to the end begins again. */
  private async show(context: BotContext, page: number): Promise<void> {
    const { visit } = context;
    const { items, total } = await visit.query(ListSubmittedContents, { status: 'pending', page, page_size: 1 });
    const [content] = items;
    if (content === undefined) {
      if (page > 1) return this.show(context, 1);
      const rows = [[sectionButton(visit, 'admin'), menuButton(visit)]];
      return sendAnswer(context, visit.html('bot_review.works.none'), rows);
    }
    const author = await visit.glance(GetUser, { user_id: content.user_id });
    const isShown = await showWork(context, content);
    const html = [
      visit.html('bot_review.works.title', { title: content.title }),
      visit.html('bot_review.works.author', { member: author ? memberLine(author) : `#${content.user_id}` }),
      visit.html('bot_review.works.handed_in', {
        time: formatShortDateTime(visit.locale, content.submitted_at, this.settings.COMMUNITY_TIMEZONE),
      }),
      ...(content.link === null ? [] : ['', escapeHtml(content.link)]),
      ...(isShown ? [] : ['', visit.html('bot_review.works.photo_missing')]),
      '',
      visit.html('bot_review.works.waiting', { number: formatNumber(visit.locale, total) }),
      ...(visit.can('content.decide') ? [visit.html('bot_review.works.ask')] : []),
    ].join('\n');
    await sendAnswer(context, html, reviewButtons(visit, content.id, page, total));
  }

  private async approve(context: BotContext, id: number, worth: number): Promise<void> {
    const { visit } = context;
    const { title } = await visit.commandOnce(DecideContent, { id, approved: true, points: worth });
    const html = visit.html('bot_review.works.approved', { title, points: pointsText(visit, worth) });
    await replaceAnswer(context, html, onwardButtons(visit));
  }

  private async askReason(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, reasonAsked, { id });
    await sendAnswer(context, visit.html('bot_review.works.ask_reason'), [[cancelButton(visit)]]);
  }

  private async reject(context: BotContext, id: number, reason: string): Promise<void> {
    const { visit } = context;
    await this.conversations.end(context);
    const { title } = await visit.command(DecideContent, { id, approved: false, reason });
    await sendAnswer(context, visit.html('bot_review.works.rejected', { title, reason }), onwardButtons(visit));
  }
}

/** The photo, and the text in a message of its own because it may be as long as one; false for a photo that Telegram does not have. */
async function showWork(context: BotContext, { photo_file_id: photo, text }: Content): Promise<boolean> {
  let isShown = true;
  if (photo !== null) {
    isShown = await context.replyWithPhoto(photo).then(
      () => true,
      (error: unknown) => {
        if (error instanceof TelegramError && error.code === 400) return false;
        throw error;
      },
    );
  }
  if (text !== null) await sendAnswer(context, escapeHtml(text));
  return isShown;
}

function reviewButtons(visit: Visit, id: number, page: number, total: number): ButtonRows {
  const give = worths.map((points) => button(`✅ ${points}`, reviewApprovePress.pack({ id, points })));
  const skip = button(visit.text('bot_review.buttons.skip'), reviewNextPress.pack({ page: page + 1 }));
  const mayDecide = visit.can('content.decide');
  const reject = button(visit.text('bot_review.buttons.reject'), reviewRejectPress.pack({ id }));
  const rows = [
    ...(mayDecide ? [give.slice(0, worthsPerRow), give.slice(worthsPerRow)] : []),
    [...(mayDecide ? [reject] : []), ...(total > 1 ? [skip] : [])],
    [sectionButton(visit, 'admin'), menuButton(visit)],
  ];
  return rows.filter((row) => row.length > 0);
}

function onwardButtons(visit: Visit): ButtonRows {
  return [[entryButton(visit, reviewEntry)], [sectionButton(visit, 'admin'), menuButton(visit)]];
}
