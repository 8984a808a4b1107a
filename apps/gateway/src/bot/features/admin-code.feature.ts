import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { ChangeSystemCode, ListSystemCodes } from '#contracts';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo } from '../feature.parts.js';
import { findListed, showsPages, type Screen } from '../list-screen.parts.js';
import type { Visit } from '../member/visit.client.js';
import { replaceAnswer } from '../telegram/answer.sender.js';
import { codeListPress, codePress, codesEntry, codeSwitchPress } from './admin-code.keyboard.js';
import { codeButtons, codeHtml, codesButtons, codesHtml } from './admin-code.view.js';

const perPage = 6;

/** The system's invite codes in the admin menu (U-05, B-04): all of them with their state, each to be switched off and on. */
@Injectable()
export class AdminCodeFeature implements BotFeature {
  static readonly menu = [codesEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    const admins = allowedTo(this.composer, 'invite_code.manage');
    showsPages(admins, { entry: codesEntry, turn: codeListPress }, (visit, page) => this.list(visit, page));
    admins.use(
      onPress(codePress, async (context, { id, page }) =>
        replaceAnswer(context, ...(await this.card(context.visit, id, page))),
      ),
    );
    admins.use(
      onPress(codeSwitchPress, async (context, { id, page, on }) => {
        await context.visit.command(ChangeSystemCode, { id, enabled: on === '1' });
        await replaceAnswer(context, ...(await this.card(context.visit, id, page)));
      }),
    );
  }

  private async list(visit: Visit, page: number): Promise<Screen> {
    const found = await visit.query(ListSystemCodes, { page, page_size: perPage });
    return [codesHtml(visit, found), codesButtons(visit, found, this.clock.now().toISOString())];
  }

  private async card(visit: Visit, id: number, page: number): Promise<Screen> {
    const found = await findListed({ id, page }, (at) =>
      visit.query(ListSystemCodes, { page: at, page_size: perPage }),
    );
    if (!found) return this.list(visit, 1);
    const around = { now: this.clock.now().toISOString(), timezone: this.settings.COMMUNITY_TIMEZONE };
    return [codeHtml(visit, found.item, around), codeButtons(visit, found.item, found.page)];
  }
}
