import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import {
  DecideParticipation,
  GetAdminActivity,
  GetUser,
  ListAdminActivities,
  ListParticipants,
  SetActivityState,
  type AdminActivity,
} from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, pressDecides } from '../feature.parts.js';
import { showsPages, type Screen } from '../list-screen.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import {
  activitiesButtons,
  activitiesHtml,
  adminActivityButtons,
  adminActivityHtml,
  backToActivity,
  participantsButtons,
  participantsHtml,
} from './admin-activity.view.js';
import { docsUrl } from './page-link.parts.js';
import { cancelButton } from './menu.view.js';
import { reasonDecides } from './reason.parts.js';
import {
  adminActivitiesEntry,
  adminActivityCancelPress,
  adminActivityListPress,
  adminActivityPress,
  adminActivityStatePress,
  participantApprovePress,
  participantRefusePress,
  participantsPress,
} from './review.keyboard.js';
import { deepLinkTo } from './share.view.js';

const activitiesPerPage = 6;
const peoplePerPage = 6;
const reasonAsked = defineConversation(
  'activity_refusal',
  'bot_admin.reason.again',
  z.object({ id: z.int(), user: z.int() }),
);

/** Activities as admins see them (P-05): open, close, cancel, and say who took part. They are written over REST. */
@Injectable()
export class AdminActivityFeature implements BotFeature {
  static readonly menu = [adminActivitiesEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    const admins = allowedTo(this.composer, 'activity.read');
    showsPages(admins, { entry: adminActivitiesEntry, turn: adminActivityListPress }, (visit, page) =>
      this.list(visit, page),
    );
    admins.use(
      onPress(adminActivityPress, async (context, { id }) =>
        replaceAnswer(context, ...this.card(context, await context.visit.query(GetAdminActivity, { id }))),
      ),
    );
    pressDecides(admins, 'activity.manage', adminActivityStatePress, async (context, wish) =>
      replaceAnswer(context, ...this.card(context, await context.visit.command(SetActivityState, wish))),
    );
    pressDecides(admins, 'activity.manage', adminActivityCancelPress, (context, { id }) =>
      this.askToCancel(context, id),
    );
    admins.use(
      onPress(participantsPress, async (context, { id, page }) =>
        replaceAnswer(context, ...(await this.people(context.visit, id, page))),
      ),
    );
    this.decideAboutPeople(admins);
  }

  private decideAboutPeople(admins: Composer<BotContext>): void {
    const deciding = 'participation.decide';
    pressDecides(admins, deciding, participantApprovePress, (context, { id, user }) => this.confirm(context, id, user));
    pressDecides(admins, deciding, participantRefusePress, (context, { id, user }) =>
      this.askReason(context, id, user),
    );
    reasonDecides(admins, deciding, reasonAsked, (context, reason, { id, user }) =>
      this.refuse(context, id, user, reason),
    );
  }

  private async list(visit: Visit, page: number): Promise<Screen> {
    const found = await visit.query(ListAdminActivities, { page, page_size: activitiesPerPage });
    return [activitiesHtml(visit, found, docsUrl(this.settings)), activitiesButtons(visit, found)];
  }

  private card(context: BotContext, activity: AdminActivity): Screen {
    const link = deepLinkTo(context, `act_${activity.id}`);
    const html = adminActivityHtml(context.visit, activity, this.settings.COMMUNITY_TIMEZONE, link);
    return [html, adminActivityButtons(context.visit, activity)];
  }

  private async askToCancel(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const { title, joined } = await visit.query(GetAdminActivity, { id });
    const html = visit.html('bot_review.activities.ask_cancel', { title: title[visit.locale], joined });
    const yes = button(
      visit.text('bot_review.buttons.yes_cancel'),
      adminActivityStatePress.pack({ id, state: 'cancelled' }),
    );
    await replaceAnswer(context, html, [[yes], [backToActivity(visit, id)]]);
  }

  private async people(visit: Visit, id: number, page: number): Promise<Screen> {
    const [activity, found] = await Promise.all([
      visit.query(GetAdminActivity, { id }),
      visit.query(ListParticipants, { id, status: 'joined', page, page_size: peoplePerPage }),
    ]);
    const people = await Promise.all(
      found.items.map(async (person) => ({
        person,
        profile: await visit.glance(GetUser, { user_id: person.user_id }),
      })),
    );
    return [participantsHtml(visit, activity, people), participantsButtons(visit, id, found)];
  }

  private async confirm(context: BotContext, id: number, user: number): Promise<void> {
    await context.visit.command(DecideParticipation, { id, user_ids: [user], approved: true });
    await replaceAnswer(context, ...(await this.people(context.visit, id, 1)));
  }

  private async askReason(context: BotContext, id: number, user: number): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, reasonAsked, { id, user });
    await sendAnswer(context, visit.html('bot_review.people.ask_reason', { user }), [[cancelButton(visit)]]);
  }

  private async refuse(context: BotContext, id: number, user: number, reason: string): Promise<void> {
    const { visit } = context;
    await this.conversations.end(context);
    await visit.command(DecideParticipation, { id, user_ids: [user], approved: false, reason });
    await sendAnswer(context, ...(await this.people(visit, id, 1)));
  }
}
