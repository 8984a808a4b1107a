import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import {
  ChangeBroadcast,
  ConfirmBroadcast,
  GetBroadcast,
  localeSchema,
  PreviewBroadcast,
  TestBroadcast,
  type InputOf,
  type OutputOf,
} from '#contracts';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, pressDecides } from '../feature.parts.js';
import { formatNumber } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { narrowed } from './broadcast-audience.rules.js';
import { audienceButtons, groupButtons } from './broadcast-audience.view.js';
import { BroadcastFeature } from './broadcast.feature.js';
import {
  broadcastAudiencePress,
  broadcastConfirmPress,
  broadcastGroupsPress,
  broadcastNarrowPress,
  broadcastPreviewPress,
  broadcastTestPress,
  type AudiencePart,
} from './broadcast.keyboard.js';
import { knownGroups } from './broadcast.parts.js';
import { backToBroadcast } from './broadcast.view.js';
import { languageNames } from './language.view.js';
import { menuButton } from './menu.view.js';

type Preview = OutputOf<typeof PreviewBroadcast>;

const groupsShownAtMost = 20;

/** Whom a message goes to (B-04), how it will look to them, how many they are, and off it goes. */
@Injectable()
export class BroadcastSendingFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(private readonly broadcasts: BroadcastFeature) {
    const admins = allowedTo(this.composer, 'broadcast.read');
    this.chooseAudience(admins);
    admins.use(onPress(broadcastPreviewPress, (context, { id }) => this.preview(context, id)));
    pressDecides(admins, 'broadcast.write', broadcastTestPress, (context, { id }) => this.test(context, id));
    pressDecides(admins, 'broadcast.send', broadcastConfirmPress, (context, seen) => this.confirm(context, seen));
  }

  private chooseAudience(admins: Composer<BotContext>): void {
    const writing = 'broadcast.write';
    pressDecides(admins, writing, broadcastAudiencePress, (context, { id }) => this.showAudience(context, id));
    pressDecides(admins, writing, broadcastGroupsPress, (context, { id }) => this.showGroups(context, id));
    pressDecides(admins, writing, broadcastNarrowPress, (context, { id, part, value }) =>
      this.narrow(context, id, part, value),
    );
  }

  private async showAudience(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const broadcast = await visit.query(GetBroadcast, { id });
    const [html] = await this.broadcasts.card(visit, broadcast);
    await replaceAnswer(context, html, audienceButtons(visit, broadcast));
  }

  private async showGroups(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const groups = (await knownGroups(visit)).slice(0, groupsShownAtMost);
    await replaceAnswer(context, visit.html('broadcasts.choose_group'), groupButtons(visit, id, groups));
  }

  private async narrow(context: BotContext, id: number, part: AudiencePart, value: string): Promise<void> {
    const { visit } = context;
    if (part === 'fallback') {
      const fallback = localeSchema.safeParse(value).data ?? null;
      await visit.command(ChangeBroadcast, { id, fallback });
    } else {
      const segment = narrowed((await visit.query(GetBroadcast, { id })).segment, part, value);
      if (segment !== undefined) await visit.command(ChangeBroadcast, { id, segment });
    }
    await this.showAudience(context, id);
  }

  /** Each language as its readers will see it, and last what will happen. */
  private async preview(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const preview = await visit.query(PreviewBroadcast, { id });
    for (const { html } of preview.messages) await sendAnswer(context, html);
    const { recipients, digest } = preview;
    const send = button(
      visit.text('broadcasts.buttons.send', { count: recipients, amount: formatNumber(visit.locale, recipients) }),
      broadcastConfirmPress.pack({ id, recipients, digest }),
    );
    const audience = button(visit.text('broadcasts.buttons.audience'), broadcastAudiencePress.pack({ id }));
    const wanted = recipients > 0 ? send : audience;
    await sendAnswer(context, previewHtml(visit, preview), [
      ...(visit.can(recipients > 0 ? 'broadcast.send' : 'broadcast.write') ? [[wanted]] : []),
      [backToBroadcast(visit, id), menuButton(visit)],
    ]);
  }

  private async test(context: BotContext, id: number): Promise<void> {
    const { messages } = await context.visit.command(TestBroadcast, { id });
    await context.answerCbQuery(context.visit.text('broadcasts.tested', { count: messages }));
  }

  private async confirm(context: BotContext, seen: InputOf<typeof ConfirmBroadcast>): Promise<void> {
    const { visit } = context;
    const broadcast = await visit.commandOnce(ConfirmBroadcast, seen);
    await replaceAnswer(context, ...(await this.broadcasts.card(visit, broadcast)));
  }
}

function previewHtml(visit: Visit, preview: Preview): string {
  const amount = (number: number): string => formatNumber(visit.locale, number);
  const { recipients, left_out, unreachable, minutes, by_locale } = preview;
  const languages = by_locale.map(({ locale, members, reads }) => {
    const language = languageNames[locale];
    if (reads === null) return visit.html('broadcasts.preview.reads_nothing', { language, number: amount(members) });
    if (reads === locale) return visit.html('broadcasts.preview.reads_own', { language, number: amount(members) });
    const other = languageNames[reads];
    return visit.html('broadcasts.preview.reads_other', { language, number: amount(members), other });
  });
  return [
    visit.html('broadcasts.preview.title'),
    '',
    recipients > 0
      ? visit.html('broadcasts.preview.recipients', { count: recipients, amount: amount(recipients) })
      : visit.html('broadcasts.preview.nobody'),
    ...languages,
    ...(left_out > 0 ? [visit.html('broadcasts.preview.left_out', { number: amount(left_out) })] : []),
    ...(unreachable > 0 ? [visit.html('broadcasts.preview.unreachable', { number: amount(unreachable) })] : []),
    ...(recipients > 0 ? [visit.html('broadcasts.preview.minutes', { count: minutes, amount: amount(minutes) })] : []),
  ].join('\n');
}
