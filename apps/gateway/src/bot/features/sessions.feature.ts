import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { ListSessions, RevokeOtherSessions, RevokeSession, type OutputOf } from '#contracts';
import { escapeHtml } from '#i18n';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { opens } from '../feature.parts.js';
import type { Screen } from '../list-screen.parts.js';
import { formatNumber, formatShortDateTime } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer, type ButtonRows } from '../telegram/answer.sender.js';
import { menuButton } from './menu.view.js';
import { endAllPress, endSessionPress, sessionsEntry } from './people.keyboard.js';

type Session = OutputOf<typeof ListSessions>['items'][number];

const shownAtMost = 8;
const deviceCharactersAtMost = 60;

/** `/sessions`: where the member is signed in besides Telegram, and a button to end each (U-14). */
@Injectable()
export class SessionsFeature implements BotFeature {
  static readonly menu = [sessionsEntry];
  readonly composer = new Composer<BotContext>();

  constructor(@InjectSettings() private readonly settings: GatewaySettings) {
    opens(this.composer, sessionsEntry, (context) => this.show(context));
    this.composer.use(onPress(endSessionPress, (context, { id }) => this.end(context, id)));
    this.composer.use(onPress(endAllPress, (context) => this.endAll(context)));
  }

  private async show(context: BotContext): Promise<void> {
    const [html, buttons] = await this.view(context.visit);
    await sendAnswer(context, html, buttons);
  }

  private async end(context: BotContext, id: string): Promise<void> {
    await context.visit.commandOnce(RevokeSession, { session_id: id });
    const [html, buttons] = await this.view(context.visit);
    await replaceAnswer(context, `${context.visit.html('people.sessions.ended_one')}\n\n${html}`, buttons);
  }

  private async endAll(context: BotContext): Promise<void> {
    const { visit } = context;
    const { ended } = await visit.command(RevokeOtherSessions, {});
    const amount = formatNumber(visit.locale, ended);
    const html = visit.html('people.sessions.ended_all', { count: ended, amount });
    await replaceAnswer(context, html, [[menuButton(visit)]]);
  }

  private async view(visit: Visit): Promise<Screen> {
    const { items } = await visit.query(ListSessions, {});
    if (items.length === 0) return [visit.html('people.sessions.none'), [[menuButton(visit)]]];
    const shown = items.slice(0, shownAtMost);
    const lines = shown.map((session, index) => this.line(visit, session, index + 1));
    const more = items.length - shown.length;
    const rest =
      more > 0 ? [visit.html('people.sessions.more', { count: more, amount: formatNumber(visit.locale, more) })] : [];
    const ends = shown.map(({ id }, index) =>
      button(visit.text('people.buttons.end_session', { number: index + 1 }), endSessionPress.pack({ id })),
    );
    const all = button(visit.text('people.buttons.end_all'), endAllPress.pack({}));
    const html = [visit.html('people.sessions.title'), '', ...lines, ...rest].join('\n');
    return [html, [...pairsOf(ends), [all], [menuButton(visit)]]];
  }

  private line(visit: Visit, { device, ip, method, last_used_at }: Session, number: number): string {
    const name = device?.slice(0, deviceCharactersAtMost) ?? visit.text('people.sessions.unknown_device');
    const place = ip ?? visit.text('people.sessions.unknown_place');
    const time = formatShortDateTime(visit.locale, last_used_at, this.settings.COMMUNITY_TIMEZONE);
    const way = visit.html(`people.sessions.methods.${method}`);
    return `${number}. <b>${escapeHtml(name)}</b>\n   ${way} · ${escapeHtml(place)} · ${escapeHtml(time)}`;
  }
}

function pairsOf(buttons: ButtonRows[number]): ButtonRows {
  return buttons.flatMap((_, index) => (index % 2 === 0 ? [buttons.slice(index, index + 2)] : []));
}
