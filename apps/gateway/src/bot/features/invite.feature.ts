import { Injectable } from '@nestjs/common';
import { Composer, Markup } from 'telegraf';
import { CreateMemberCode, ListMemberCodes, ListMyInvitees } from '#contracts';
import type { BotContext, BotFeature } from '../bot.types.js';
import { offersInline, onDeepLink, opens } from '../feature.parts.js';
import type { InlineCard } from '../inline.types.js';
import type { Visit } from '../member/visit.client.js';
import { sendAnswer, type ButtonRows } from '../telegram/answer.sender.js';
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
    onDeepLink(this.composer, /^invite$/, (context) => this.invite(context));
    offersInline(this.composer, (context) => this.cards(context));
  }

  private async invite(context: BotContext): Promise<void> {
    const { visit } = context;
    const code = (await this.unusedCode(context)) ?? (await visit.command(CreateMemberCode, {})).code;
    const link = `https://t.me/${context.me}?start=inv_${code}`;
    const brought = await visit.glance(ListMyInvitees, { page: 1, page_size: 1 });
    const html = [
      visit.html('bot.invite.card', { code, link }),
      ...(brought && brought.total > 0 ? ['', visit.html('membership.invited', { count: brought.total })] : []),
    ].join('\n');
    await sendAnswer(context, html, [[shareButton(visit)], [menuButton(visit)]]);
  }

  /** An invitation with the member's own code. A query makes no code: without an unused one the card is the general invitation. */
  private async cards(context: BotContext): Promise<InlineCard[]> {
    const { visit } = context;
    const code = await this.unusedCode(context).catch(() => undefined);
    const payload = code === undefined ? 'hello' : `inv_${code}`;
    const link = `https://t.me/${context.me}?start=${payload}`;
    const html =
      code === undefined
        ? visit.html('bot.inline.invitation', { link })
        : visit.html('bot.inline.my_invitation', { link });
    const texts = { title: visit.text('bot.inline.title'), description: visit.text('bot.inline.description') };
    return [{ id: 'invitation', ...texts, html, open: { text: visit.text('bot.inline.join'), payload } }];
  }

  private async unusedCode({ visit }: BotContext): Promise<string | undefined> {
    const { items } = await visit.query(ListMemberCodes, { page: 1, page_size: listedAtMost });
    return items.find(({ uses, enabled }) => uses === 0 && enabled)?.code;
  }
}

/** Opens the list of chats, with the member's card ready to send. */
function shareButton(visit: Visit): ButtonRows[number][number] {
  return Markup.button.switchToChat(visit.text('bot.buttons.share'), '');
}
