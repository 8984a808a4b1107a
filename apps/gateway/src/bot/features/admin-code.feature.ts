import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { ChangeSystemCode, ListSystemCodes } from '#contracts';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, opens } from '../feature.parts.js';
import type { Visit } from '../member/visit.client.js';
import { replaceAnswer, sendAnswer, type ButtonRows } from '../telegram/answer.sender.js';
import { codeListPress, codePress, codesEntry, codeSwitchPress } from './admin-code.keyboard.js';
import { codeButtons, codeHtml, codesButtons, codesHtml } from './admin-code.view.js';

type Screen = [html: string, buttons: ButtonRows];

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
    opens(admins, codesEntry, async (context) => sendAnswer(context, ...(await this.list(context.visit, 1))));
    admins.use(
      onPress(codeListPress, async (context, { page }) =>
        replaceAnswer(context, ...(await this.list(context.visit, page))),
      ),
    );
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

  /** The code where the list had it; newer codes may have pushed it to the page behind. */
  private async card(visit: Visit, id: number, page: number): Promise<Screen> {
    for (const at of [page, page + 1]) {
      const { items } = await visit.query(ListSystemCodes, { page: at, page_size: perPage });
      const code = items.find((one) => one.id === id);
      if (code === undefined) continue;
      const around = { now: this.clock.now().toISOString(), timezone: this.settings.COMMUNITY_TIMEZONE };
      return [codeHtml(visit, code, around), codeButtons(visit, code, at)];
    }
    return this.list(visit, 1);
  }
}
