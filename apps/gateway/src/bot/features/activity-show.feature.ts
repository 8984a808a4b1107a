import { Injectable } from '@nestjs/common';
import { Composer, Markup } from 'telegraf';
import { message } from 'telegraf/filters';
import { z } from 'zod';
import { CompleteActivity, GetActivity, type ErrorName, type InputOf } from '#contracts';
import { Texts } from '#i18n';
import type { Clock } from '#messaging';
import { InjectClock } from '#service';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { onAnswer } from '../feature.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { activityShowPress } from './activity.keyboard.js';
import { inLanguage } from './activity.view.js';
import { pointsText } from './amount.view.js';
import { cancelButton } from './menu.view.js';
import { sendWithQuickKeys } from './quick-keys.view.js';
import { orAskAgain, sayWhy, type Asking } from './retry.parts.js';
import { saysWhereOneIs } from './shared-position.rules.js';

const fields = z.object({ id: z.int().positive() });
const codeAsked = defineConversation('activity_code', 'activities.show.ask_code', fields);
const placeAsked = defineConversation('activity_place', 'activities.show.ask_place', fields);
const noteAsked = defineConversation('activity_note', 'activities.show.ask_note', fields);

/** After these the member can try again at once. */
const worthAnotherTry: readonly ErrorName[] = [
  'request.invalid',
  'activity.code_wrong',
  'activity.too_far',
  'activity.location_too_vague',
];

/** Shows in the activity's way that one took part (P-05): types the code, sends the location, or asks an admin. */
@Injectable()
export class ActivityShowFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();
  private readonly asking: Asking;

  constructor(
    private readonly conversations: ConversationStore,
    texts: Texts,
    @InjectClock() private readonly clock: Clock,
  ) {
    this.asking = { conversations, worthAnotherTry, askAgain: sayWhy(texts, 'activities.show.again') };
    this.composer.use(onPress(activityShowPress, (context, { id }) => this.ask(context, id)));
    onAnswer(this.composer, codeAsked, (context, code, { id }) => this.complete(context, { id, code }));
    onAnswer(this.composer, noteAsked, (context, note, { id }) =>
      this.complete(context, { id, ...(/^[-—.]$/.test(note) ? {} : { note: [...note].slice(0, 255).join('') }) }),
    );
    this.composer.on(message('location'), async (context, next) => {
      const asked = context.asked?.name === placeAsked.name ? fields.safeParse(context.asked.fields) : null;
      if (!asked?.success) return next();
      if (!saysWhereOneIs(context.message, this.clock.now())) {
        await context.reply(context.visit.html('activities.show.not_there'), { parse_mode: 'HTML' });
        return this.askForPlace(context, asked.data.id);
      }
      const { latitude, longitude, horizontal_accuracy } = context.message.location;
      const accuracy_m = horizontal_accuracy ?? 0;
      return this.complete(context, { id: asked.data.id, latitude, longitude, accuracy_m });
    });
  }

  private async ask(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const { way } = await visit.query(GetActivity, { id });
    if (way === 'geofence') return this.askForPlace(context, id);
    const isCode = way === 'code';
    await this.conversations.begin(context, isCode ? codeAsked : noteAsked, { id });
    const html = isCode ? visit.html('activities.show.ask_code') : visit.html('activities.show.ask_note');
    await sendAnswer(context, html, [[cancelButton(visit)]]);
  }

  /** Telegram gives a location only by a key below the input field, or from its attachment menu. */
  private async askForPlace(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, placeAsked, { id });
    const keys = [
      [Markup.button.locationRequest(visit.text('activities.buttons.geofence'))],
      [visit.text('bot.buttons.menu')],
    ];
    await context.reply(visit.html('activities.show.ask_place'), {
      parse_mode: 'HTML',
      ...Markup.keyboard(keys).oneTime().resize(),
    });
  }

  private async complete(context: BotContext, shown: InputOf<typeof CompleteActivity>): Promise<void> {
    const { visit } = context;
    await orAskAgain(context, this.asking, async () => {
      const { activity, points, balance } = await visit.command(CompleteActivity, shown);
      await this.conversations.end(context);
      const title = inLanguage(visit, activity.title);
      const html =
        points === null || balance === null
          ? visit.html('activities.show.asked', { title })
          : visit.html('activities.show.done', {
              title,
              points: pointsText(visit, points),
              balance: pointsText(visit, balance),
            });
      await sendWithQuickKeys(context, html);
    });
  }
}
