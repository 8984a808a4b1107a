import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { GetBroadcast, ListBroadcasts, SteerBroadcast, type Broadcast } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, pressDecides } from '../feature.parts.js';
import { showsPages, type Screen } from '../list-screen.parts.js';
import { formatNumber } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer } from '../telegram/answer.sender.js';
import {
  broadcastCancelPress,
  broadcastListPress,
  broadcastPress,
  broadcastsEntry,
  broadcastSteerPress,
} from './broadcast.keyboard.js';
import { knownGroups } from './broadcast.parts.js';
import {
  backToBroadcast,
  broadcastButtons,
  broadcastHtml,
  broadcastsButtons,
  broadcastsHtml,
} from './broadcast.view.js';

const perPage = 5;

/** Messages to many in the admin menu (B-04, N-10): all of them with how far they have come, and each to be steered. */
@Injectable()
export class BroadcastFeature implements BotFeature {
  static readonly menu = [broadcastsEntry];
  readonly composer = new Composer<BotContext>();

  constructor(@InjectSettings() private readonly settings: GatewaySettings) {
    const admins = allowedTo(this.composer, 'broadcast.read');
    showsPages(admins, { entry: broadcastsEntry, turn: broadcastListPress }, (visit, page) => this.list(visit, page));
    admins.use(
      onPress(broadcastPress, async (context, { id }) =>
        replaceAnswer(context, ...(await this.card(context.visit, await context.visit.query(GetBroadcast, { id })))),
      ),
    );
    pressDecides(admins, 'broadcast.send', broadcastCancelPress, (context, { id }) => this.askToCancel(context, id));
    pressDecides(admins, 'broadcast.send', broadcastSteerPress, async (context, { id, action }) => {
      const steered = await context.visit.command(SteerBroadcast, { id, action });
      await replaceAnswer(context, ...(await this.card(context.visit, steered)));
    });
  }

  /** The screen of one broadcast. */
  async card(visit: Visit, broadcast: Broadcast): Promise<Screen> {
    const { group_id: groupId } = broadcast.segment;
    const groups = groupId === undefined ? [] : await knownGroups(visit);
    const groupTitle = groups.find(({ id }) => id === groupId)?.title ?? null;
    const html = broadcastHtml(visit, broadcast, groupTitle, this.settings.COMMUNITY_TIMEZONE);
    return [html, broadcastButtons(visit, broadcast)];
  }

  private async list(visit: Visit, page: number): Promise<Screen> {
    const found = await visit.query(ListBroadcasts, { page, page_size: perPage });
    return [broadcastsHtml(visit, found), broadcastsButtons(visit, found)];
  }

  private async askToCancel(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const { status, title, progress } = await visit.query(GetBroadcast, { id });
    const html =
      status === 'draft'
        ? visit.html('broadcasts.ask_discard', { title })
        : visit.html('broadcasts.ask_cancel', { title, sent: formatNumber(visit.locale, progress.sent) });
    const yes = button(visit.text('broadcasts.buttons.yes'), broadcastSteerPress.pack({ id, action: 'cancel' }));
    await replaceAnswer(context, html, [[yes], [backToBroadcast(visit, id)]]);
  }
}
