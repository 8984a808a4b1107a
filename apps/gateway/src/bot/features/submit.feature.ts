import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { message } from 'telegraf/filters';
import { z } from 'zod';
import { ListOwnContents, SubmitContent, WithdrawContent, type ErrorName, type InputOf } from '#contracts';
import { escapeHtml, Texts } from '#i18n';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { onAnswer, opens } from '../feature.parts.js';
import type { Screen } from '../list-screen.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { contentListPress, contentWithdrawPress, submitEntry } from './activity.keyboard.js';
import { cancelButton, menuButton, turningRows } from './menu.view.js';
import { orAskAgain, sayWhy, type Asking } from './retry.parts.js';

const titleAtMost = 120;
const pageSize = 5;
const fields = z.object({ title: z.string().min(1).max(titleAtMost) });
const titleAsked = defineConversation('content_title', 'activities.submit.ask_title');
const workAsked = defineConversation('content_work', 'activities.submit.ask_work', fields);

/** After these other work may do. */
const worthAnotherTry: readonly ErrorName[] = ['request.invalid', 'content.invalid', 'content.duplicate'];

type Work = Omit<InputOf<typeof SubmitContent>, 'title'>;

/** `/submit` (P-05): asks for a title and then for the work itself: a text, a link or a photo. */
@Injectable()
export class SubmitFeature implements BotFeature {
  static readonly menu = [submitEntry];
  readonly composer = new Composer<BotContext>();
  private readonly asking: Asking;

  constructor(
    private readonly conversations: ConversationStore,
    texts: Texts,
  ) {
    this.asking = { conversations, worthAnotherTry, askAgain: sayWhy(texts, 'activities.submit.again') };
    opens(this.composer, submitEntry, (context, title) =>
      title ? this.askForWork(context, title) : this.askForTitle(context),
    );
    onAnswer(this.composer, titleAsked, (context, title) => this.askForWork(context, title));
    onAnswer(this.composer, workAsked, (context, text, { title }) =>
      this.submit(
        context,
        title,
        /^https?:\/\/\S+$/i.test(text) ? { kind: 'link', link: text } : { kind: 'text', text },
      ),
    );
    this.composer.on(message('photo'), async (context, next) => {
      const asked = context.asked?.name === workAsked.name ? fields.safeParse(context.asked.fields) : null;
      const largest = context.message.photo.at(-1);
      if (!asked?.success || !largest) return next();
      const photo = { photo_file_id: largest.file_id, photo_unique_id: largest.file_unique_id };
      const { caption } = context.message;
      return this.submit(context, asked.data.title, { kind: 'photo', ...photo, ...(caption ? { text: caption } : {}) });
    });
    this.composer.use(
      onPress(contentListPress, async (context, { page }) =>
        replaceAnswer(context, ...(await this.page(context.visit, page))),
      ),
    );
    this.composer.use(
      onPress(contentWithdrawPress, async (context, { id }) => {
        const { title } = await context.visit.command(WithdrawContent, { id });
        await sendAnswer(context, context.visit.html('activities.submit.withdrawn', { title }), [
          [menuButton(context.visit)],
        ]);
      }),
    );
  }

  private async askForTitle(context: BotContext): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, titleAsked, {});
    const mine = button(visit.text('activities.submit.mine'), contentListPress.pack({ page: 1 }));
    await sendAnswer(context, visit.html('activities.submit.ask_title'), [[mine], [cancelButton(visit)]]);
  }

  private async askForWork(context: BotContext, typed: string): Promise<void> {
    const { visit } = context;
    const title = [...typed.replace(/\s+/g, ' ').trim()].slice(0, titleAtMost).join('').slice(0, titleAtMost);
    await this.conversations.begin(context, workAsked, { title });
    await sendAnswer(context, visit.html('activities.submit.ask_work'), [[cancelButton(visit)]]);
  }

  private async submit(context: BotContext, title: string, work: Work): Promise<void> {
    const { visit } = context;
    await orAskAgain(context, this.asking, async () => {
      const { content, left_today } = await visit.command(SubmitContent, { ...work, title });
      await this.conversations.end(context);
      const withdraw = button(visit.text('activities.submit.withdraw'), contentWithdrawPress.pack({ id: content.id }));
      const html = [
        visit.html('activities.submit.done', { title }),
        visit.html('activities.submit.left', { count: left_today }),
      ].join('\n');
      await sendAnswer(context, html, [[withdraw], [menuButton(visit)]]);
    });
  }

  private async page(visit: Visit, page: number): Promise<Screen> {
    const found = await visit.query(ListOwnContents, { page, page_size: pageSize });
    const { items } = found;
    const lines = items.map(({ title, status, points, reason }) => {
      const what = `<b>${escapeHtml(title)}</b> · ${visit.html(`activities.submit.statuses.${status}`)}`;
      return points !== null ? `${what} (+${points})` : reason !== null ? `${what}: ${escapeHtml(reason)}` : what;
    });
    const turns = turningRows(visit, found, (to) => contentListPress.pack({ page: to }));
    const withdraw = items
      .filter(({ status }) => status === 'pending')
      .map(({ id, title }) => [
        button(
          visit.text('activities.submit.withdraw_titled', { title: [...title].slice(0, 30).join('') }),
          contentWithdrawPress.pack({ id }),
        ),
      ]);
    const body = lines.length > 0 ? lines : [visit.html('activities.submit.none')];
    const html = [visit.html('activities.submit.list'), '', ...body].join('\n');
    return [html, [...withdraw, ...turns, [menuButton(visit)]]];
  }
}
