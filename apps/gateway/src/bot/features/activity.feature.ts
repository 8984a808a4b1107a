import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import {
  GetActivity,
  JoinActivity,
  LeaveActivity,
  ListActivities,
  type Activity,
  type activityLists,
  type OutputOf,
} from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { opens } from '../feature.parts.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer, type ButtonRows } from '../telegram/answer.sender.js';
import {
  activitiesEntry,
  activityCardPress,
  activityJoinPress,
  activityLeavePress,
  activityListPress,
} from './activity.keyboard.js';
import { activityButtons, activityHtml, activityLine } from './activity.view.js';
import { menuButton } from './menu.view.js';

const pageSize = 6;

type List = (typeof activityLists)[number];

/** `/activities` (P-05): what there is, a card for each, and a place in it. */
@Injectable()
export class ActivityFeature implements BotFeature {
  static readonly menu = [activitiesEntry];
  readonly composer = new Composer<BotContext>();

  constructor(@InjectSettings() private readonly settings: GatewaySettings) {
    opens(this.composer, activitiesEntry, async (context) =>
      sendAnswer(context, ...(await this.page(context.visit, 'current', 1))),
    );
    this.composer.use(
      onPress(activityListPress, async (context, { list, page }) =>
        replaceAnswer(context, ...(await this.page(context.visit, list, page))),
      ),
    );
    this.composer.use(
      onPress(activityCardPress, async (context, { id }) =>
        replaceAnswer(context, ...this.card(context.visit, await context.visit.query(GetActivity, { id }))),
      ),
    );
    this.composer.use(
      onPress(activityJoinPress, async (context, { id }) =>
        replaceAnswer(context, ...this.card(context.visit, await context.visit.command(JoinActivity, { id }))),
      ),
    );
    this.composer.use(
      onPress(activityLeavePress, async (context, { id }) =>
        replaceAnswer(context, ...this.card(context.visit, await context.visit.command(LeaveActivity, { id }))),
      ),
    );
  }

  private card(visit: Visit, activity: Activity): [html: string, buttons: ButtonRows] {
    return [activityHtml(visit, activity, this.settings.COMMUNITY_TIMEZONE), activityButtons(visit, activity)];
  }

  private async page(visit: Visit, list: List, page: number): Promise<[html: string, buttons: ButtonRows]> {
    const found = await visit.query(ListActivities, { list, page, page_size: pageSize });
    const lines = found.items.map((activity) => activityLine(visit, activity, this.settings.COMMUNITY_TIMEZONE));
    const html = [
      visit.html(`activities.lists.${list}`),
      '',
      found.total > 0 ? visit.html('activities.choose') : visit.html('activities.none'),
    ].join('\n');
    return [html, [...lines, ...turningRow(visit, list, found), otherLists(visit, list), [menuButton(visit)]]];
  }
}

function turningRow(visit: Visit, list: List, { page, page_size, total }: OutputOf<typeof ListActivities>): ButtonRows {
  const turn = (to: number, key: 'activities.buttons.previous' | 'activities.buttons.next'): ButtonRows[number] => [
    button(visit.text(key), activityListPress.pack({ list, page: to })),
  ];
  const row = [
    ...(page > 1 ? turn(page - 1, 'activities.buttons.previous') : []),
    ...(page * page_size < total ? turn(page + 1, 'activities.buttons.next') : []),
  ];
  return row.length > 0 ? [row] : [];
}

function otherLists(visit: Visit, list: List): ButtonRows[number] {
  return (['current', 'mine', 'past'] as const)
    .filter((other) => other !== list)
    .map((other) =>
      button(visit.text(`activities.list_buttons.${other}`), activityListPress.pack({ list: other, page: 1 })),
    );
}
