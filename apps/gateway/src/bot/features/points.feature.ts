import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { GetBalance, ListPointRecords, type OutputOf } from '#contracts';
import { escapeHtml } from '#i18n';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { opens } from '../feature.parts.js';
import { pageOrLast, type Screen } from '../list-screen.parts.js';
import { formatShortDateTime, formatSigned } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer, type ButtonRows } from '../telegram/answer.sender.js';
import { pointsText } from './amount.view.js';
import { menuButton } from './menu.view.js';
import { pointsEntry, pointsPagePress } from './points.keyboard.js';

const pageSize = 8;

type RecordsPage = OutputOf<typeof ListPointRecords>;

/** `/points`: the balance and the ledger (P-01), page by page. */
@Injectable()
export class PointsFeature implements BotFeature {
  static readonly menu = [pointsEntry];
  readonly composer = new Composer<BotContext>();

  constructor(@InjectSettings() private readonly settings: GatewaySettings) {
    opens(this.composer, pointsEntry, async (context) => sendAnswer(context, ...(await this.page(context.visit, 1))));
    this.composer.use(
      onPress(pointsPagePress, async (context, { page }) =>
        replaceAnswer(context, ...(await this.page(context.visit, page))),
      ),
    );
  }

  private async page(visit: Visit, wantedPage: number): Promise<Screen> {
    const [balance, records] = await Promise.all([
      visit.query(GetBalance, {}),
      pageOrLast(wantedPage, (page) => visit.query(ListPointRecords, { page, page_size: pageSize })),
    ]);
    const lines = [visit.html('bot.points.title', { points: pointsText(visit, balance.balance) })];
    if (balance.frozen > 0) lines.push(visit.html('bot.points.frozen', { points: pointsText(visit, balance.frozen) }));
    const entries = records.items.map((record) => this.recordHtml(visit, record));
    const body = entries.length > 0 ? entries : [visit.html('bot.points.empty')];
    const pages = pagesOf(records);
    const footer = pages > 1 ? ['', visit.html('bot.points.page', { page: records.page, pages })] : [];
    return [[...lines, '', ...body, ...footer].join('\n'), [...turningRow(visit, records), [menuButton(visit)]]];
  }

  private recordHtml(visit: Visit, { points, type, created_at }: RecordsPage['items'][number]): string {
    const signed = formatSigned(visit.locale, points);
    const time = formatShortDateTime(visit.locale, created_at, this.settings.COMMUNITY_TIMEZONE);
    return `<b>${escapeHtml(signed)}</b> · ${visit.html(`bot.records.${type}`)} · ${escapeHtml(time)}`;
  }
}

function pagesOf({ total, page_size }: RecordsPage): number {
  return Math.max(1, Math.ceil(total / page_size));
}

function turningRow(visit: Visit, records: RecordsPage): ButtonRows {
  const { page } = records;
  const newer = page > 1 ? [button(visit.text('bot.buttons.previous'), pointsPagePress.pack({ page: page - 1 }))] : [];
  const older =
    page < pagesOf(records) ? [button(visit.text('bot.buttons.next'), pointsPagePress.pack({ page: page + 1 }))] : [];
  return newer.length + older.length > 0 ? [[...newer, ...older]] : [];
}
