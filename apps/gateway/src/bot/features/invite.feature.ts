import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { CreateMemberCode, ListMemberCodes } from '#contracts';
import type { BotContext, BotFeature } from '../bot.types.js';
import { opens } from '../feature.parts.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { inviteEntry } from './invite.keyboard.js';
import { menuButton } from './menu.view.js';

const listedAtMost = 20;

/** `/invite`: a code for a friend (U-05), with a link that starts the friend's registration. An unused one is shown again. */
@Injectable()
export class InviteFeature implements BotFeature {
  static readonly menu = [inviteEntry];
  readonly composer = new Composer<BotContext>();

  constructor() {
    opens(this.composer, inviteEntry, (context) => this.invite(context));
  }

  private async invite(context: BotContext): Promise<void> {
    const { visit } = context;
    const { items } = await visit.query(ListMemberCodes, { page: 1, page_size: listedAtMost });
    const unused = items.find(({ uses, enabled }) => uses === 0 && enabled);
    const { code } = unused ?? (await visit.command(CreateMemberCode, {}));
    const link = `https://t.me/${context.me}?start=inv_${code}`;
    await sendAnswer(context, visit.html('bot.invite.card', { code, link }), [[menuButton(visit)]]);
  }
}
