import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import {
  AcknowledgeVelocityAlarm,
  ListVelocityAlarms,
  ResolveVelocityAlarm,
  type AlarmState,
  type OutputOf,
} from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, opens, pressDecides } from '../feature.parts.js';
import { findListed, type Screen } from '../list-screen.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { alarmClosePress, alarmListPress, alarmPress, alarmsEntry, alarmTakePress } from './admin-alarm.keyboard.js';
import { alarmButtons, alarmHtml, alarmsButtons, alarmsHtml, type Alarm } from './admin-alarm.view.js';
import { cancelButton } from './menu.view.js';
import { reasonDecides } from './reason.parts.js';

const perPage = 6;
const deciding = 'velocity.decide';
const noteAsked = defineConversation('alarm_note', 'bot_admin.reason.again', z.object({ id: z.int() }));

/** Alarms of points that move too fast, in the admin menu (P-09, B-04): seen, looked into, closed with what came of it. */
@Injectable()
export class AdminAlarmFeature implements BotFeature {
  static readonly menu = [alarmsEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    const admins = allowedTo(this.composer, 'velocity.read');
    opens(admins, alarmsEntry, async (context) => sendAnswer(context, ...(await this.list(context.visit, 'open', 1))));
    admins.use(
      onPress(alarmListPress, async (context, { state, page }) =>
        replaceAnswer(context, ...(await this.list(context.visit, state, page))),
      ),
    );
    admins.use(
      onPress(alarmPress, async (context, listed) =>
        replaceAnswer(context, ...(await this.card(context.visit, listed))),
      ),
    );
    pressDecides(admins, deciding, alarmTakePress, (context, { id }) => this.take(context, id));
    pressDecides(admins, deciding, alarmClosePress, (context, { id }) => this.askForNote(context, id));
    reasonDecides(admins, deciding, noteAsked, (context, note, { id }) => this.close(context, id, note));
  }

  private async list(visit: Visit, state: AlarmState, page: number): Promise<Screen> {
    const found = await this.alarms(visit, state, page);
    return [alarmsHtml(visit, found, state), alarmsButtons(visit, found, state)];
  }

  private async card(visit: Visit, listed: { id: number; state: AlarmState; page: number }): Promise<Screen> {
    const found = await findListed(listed, (at) => this.alarms(visit, listed.state, at));
    return found ? this.screenOf(visit, found.item, found.page) : this.list(visit, listed.state, 1);
  }

  private alarms(visit: Visit, state: AlarmState, page: number): Promise<OutputOf<typeof ListVelocityAlarms>> {
    return visit.query(ListVelocityAlarms, { state, page, page_size: perPage });
  }

  private screenOf(visit: Visit, alarm: Alarm, page: number): Screen {
    return [alarmHtml(visit, alarm, this.settings.COMMUNITY_TIMEZONE), alarmButtons(visit, alarm, page)];
  }

  private async take(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const taken = await visit.commandOnce(AcknowledgeVelocityAlarm, { id });
    await replaceAnswer(context, ...this.screenOf(visit, taken, 1));
  }

  private async askForNote(context: BotContext, id: number): Promise<void> {
    await this.conversations.begin(context, noteAsked, { id });
    await sendAnswer(context, context.visit.html('bot_alarms.ask_note'), [[cancelButton(context.visit)]]);
  }

  private async close(context: BotContext, id: number, note: string): Promise<void> {
    const { visit } = context;
    await this.conversations.end(context);
    await sendAnswer(context, ...this.screenOf(visit, await visit.command(ResolveVelocityAlarm, { id, note }), 1));
  }
}
