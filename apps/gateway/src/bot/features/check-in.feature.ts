import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { AppError, CheckIn, GetCheckInToday } from '#contracts';
import { escapeHtml } from '#i18n';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { answersInGroups, offersInline, onDeepLink, opens } from '../feature.parts.js';
import type { InlineCard } from '../inline.types.js';
import type { Visit } from '../member/visit.client.js';
import { mention, sendAnswer, sendGroupAnswer } from '../telegram/answer.sender.js';
import { calendarEntry } from './calendar.keyboard.js';
import { alreadyHtml, checkedInHtml, streakCard } from './check-in.view.js';
import { checkInEntry } from './check-in.keyboard.js';
import { entryButton, menuButton } from './menu.view.js';
import { pointsEntry } from './points.keyboard.js';

/** `/checkin` (P-02), in private by command and button, and in groups for everybody to see. */
@Injectable()
export class CheckInFeature implements BotFeature {
  static readonly menu = [checkInEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    opens(this.composer, checkInEntry, (context) => this.checkIn(context));
    onDeepLink(this.composer, /^checkin$/, (context) => this.checkIn(context));
    offersInline(this.composer, (context) => this.cards(context));
    answersInGroups(this.composer, { name: 'checkin' }, (context) => this.checkInPublicly(context));
  }

  /** Checks in and says what came of it; having done so already today is no refusal but an answer. */
  private async outcomeHtml(visit: Visit): Promise<string> {
    try {
      return checkedInHtml(visit, await visit.command(CheckIn, {}));
    } catch (error) {
      if (!(error instanceof AppError) || error.errorName !== 'check_in.already_done') throw error;
      const today = await visit.query(GetCheckInToday, {});
      return alreadyHtml(visit, today, this.clock.now(), this.settings.COMMUNITY_TIMEZONE);
    }
  }

  private async checkIn(context: BotContext): Promise<void> {
    const { visit } = context;
    const further = [entryButton(visit, calendarEntry), entryButton(visit, pointsEntry)];
    await sendAnswer(context, await this.outcomeHtml(visit), [further, [menuButton(visit)]]);
  }

  private async checkInPublicly(context: BotContext): Promise<void> {
    const { visit } = context;
    const member = mention(visit.member.telegram_id, escapeHtml(visit.member.first_name));
    await sendGroupAnswer(context, `${member}\n${await this.outcomeHtml(visit)}`);
  }

  private async cards({ visit }: BotContext): Promise<InlineCard[]> {
    return [streakCard(visit, await visit.query(GetCheckInToday, {}))];
  }
}
