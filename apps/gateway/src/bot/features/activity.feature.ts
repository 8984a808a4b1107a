import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import {
  AppError,
  GetActivity,
  JoinActivity,
  LeaveActivity,
  ListActivities,
  type Activity,
  type activityLists,
} from '#contracts';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { onDeepLink, opens } from '../feature.parts.js';
import type { Screen } from '../list-screen.parts.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer, type ButtonRows } from '../telegram/answer.sender.js';
import {
  activitiesEntry,
  activityCardPress,
  activityJoinPress,
  activityLeavePress,
  activityListPress,
} from './activity.keyboard.js';
import { activityButtons, activityHtml, activityLine, inLanguage } from './activity.view.js';
import { menuButton, turningRows } from './menu.view.js';
import { deepLinkTo, firstSteps, shareLinkButton } from './share.view.js';

const pageSize = 6;
/** A link to an activity: `?start=act_12`. */
const activityLink = /^act_([0-9]{1,9})$/;

type List = (typeof activityLists)[number];

/** `/activities` (P-05): what there is, a card for each, and a place in it. */
@Injectable()
export class ActivityFeature implements BotFeature {
  static readonly menu = [activitiesEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
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
        replaceAnswer(context, ...this.card(context, await context.visit.query(GetActivity, { id }))),
      ),
    );
    this.composer.use(
      onPress(activityJoinPress, async (context, { id }) =>
        replaceAnswer(context, ...this.card(context, await context.visit.command(JoinActivity, { id }))),
      ),
    );
    this.composer.use(
      onPress(activityLeavePress, async (context, { id }) =>
        replaceAnswer(context, ...this.card(context, await context.visit.command(LeaveActivity, { id }))),
      ),
    );
    onDeepLink(this.composer, activityLink, (context, [, id = '0']) => this.openByLink(context, Number(id)));
  }

  private card(context: BotContext, activity: Activity): Screen {
    const { visit } = context;
    const now = this.clock.now();
    const link = deepLinkTo(context, `act_${activity.id}`);
    const html = [
      activityHtml(visit, activity, this.settings.COMMUNITY_TIMEZONE, now),
      ...(visit.can('activity.read') ? ['', visit.html('activities.card.link', { link })] : []),
    ].join('\n');
    const share = shareLinkButton(visit, link, inLanguage(visit, activity.title));
    return [html, activityButtons(visit, activity, now, share)];
  }

  /** Whoever comes by a link to something that is gone finds what there is instead. */
  private async openByLink(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    try {
      const [html, buttons] = this.card(context, await visit.query(GetActivity, { id }));
      const first = await firstSteps(visit);
      await sendAnswer(context, `${html}${first.html}`, [...first.buttons, ...buttons]);
    } catch (error) {
      const isGone = error instanceof AppError && ['activity.not_found', 'request.invalid'].includes(error.errorName);
      if (!isGone) throw error;
      const [html, buttons] = await this.page(visit, 'current', 1);
      await sendAnswer(context, `${visit.html('activities.gone')}\n\n${html}`, buttons);
    }
  }

  private async page(visit: Visit, list: List, page: number): Promise<Screen> {
    const found = await visit.query(ListActivities, { list, page, page_size: pageSize });
    const lines = found.items.map((activity) => activityLine(visit, activity, this.settings.COMMUNITY_TIMEZONE));
    const html = [
      visit.html(`activities.lists.${list}`),
      '',
      found.total > 0 ? visit.html('activities.choose') : visit.html('activities.none'),
    ].join('\n');
    return [
      html,
      [
        ...lines,
        ...turningRows(visit, found, (to) => activityListPress.pack({ list, page: to })),
        otherLists(visit, list),
        [menuButton(visit)],
      ],
    ];
  }
}

function otherLists(visit: Visit, list: List): ButtonRows[number] {
  return (['current', 'mine', 'past'] as const)
    .filter((other) => other !== list)
    .map((other) =>
      button(visit.text(`activities.list_buttons.${other}`), activityListPress.pack({ list: other, page: 1 })),
    );
}
