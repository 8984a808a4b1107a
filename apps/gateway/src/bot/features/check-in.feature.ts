import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { AppError, CheckIn, GetCheckInToday } from '#contracts';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { callbacks, onPress } from '../callback.data.js';
import type { Visit } from '../member/visit.client.js';
import { button, sendAnswer } from '../telegram/answer.sender.js';
import { alreadyHtml, checkedInHtml } from './check-in.view.js';
import { menuButton } from './menu.view.js';

/** `/checkin` (P-02), in private by command and button; the group command uses `outcomeHtml` too. */
@Injectable()
export class CheckInFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    this.composer.command('checkin', (context) => this.checkIn(context));
    this.composer.use(onPress(callbacks.checkIn, (context) => this.checkIn(context)));
  }

  /** Checks in and says what came of it; having done so already today is no refusal but an answer. */
  async outcomeHtml(visit: Visit): Promise<string> {
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
    const points = button(visit.text('bot.buttons.points'), callbacks.points.pack({}));
    await sendAnswer(context, await this.outcomeHtml(visit), [[points, menuButton(visit)]]);
  }
}
