import { Injectable } from '@nestjs/common';
import type { BroadcastStatus, Locale, PointRecordType } from '#contracts';
import { Texts } from '#i18n';
import { InjectSettings } from '#service';
import type { NotificationSettings } from '../notification.env.js';
import { presentableName } from '../sender/wording.rules.js';
import { lineKinds, type LineKind } from './log-line.rules.js';

type Params = Readonly<Record<string, string | number | null | undefined>>;

/** Makes lines readable, in Telegram's HTML and the language of the log. */
@Injectable()
export class LogLineFormat {
  private readonly locale: Locale;
  private readonly clock: Intl.DateTimeFormat;

  constructor(
    private readonly texts: Texts,
    @InjectSettings() settings: NotificationSettings,
  ) {
    this.locale = settings.LOG_LOCALE;
    this.clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: settings.COMMUNITY_TIMEZONE,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  }

  /** One line: the time of day and what happened. */
  lineOf(kind: LineKind, params: Params, happenedAt: Date, names: ReadonlyMap<number, string>): string {
    return `<code>${this.clock.format(happenedAt)}</code> ${this.sentence(kind, params, names)}`;
  }

  /** The heading of a message that holds numbers instead of lines. */
  countsOf(counted: ReadonlyMap<LineKind, number>): string {
    const total = [...counted.values()].reduce((sum, count) => sum + count, 0);
    const parts = lineKinds.flatMap((kind) => {
      const count = counted.get(kind);
      return count === undefined ? [] : [`${this.texts.html(this.locale, `log.names.${kind}`)}: ${count}`];
    });
    return [this.texts.html(this.locale, 'log.summary', { count: total }), ...parts].join('\n');
  }

  private sentence(kind: LineKind, params: Params, names: ReadonlyMap<number, string>): string {
    const who = this.nameOf(params['user_id'], names);
    const text = (name: string): string => String(params[name] ?? '');
    switch (kind) {
      case 'user_created':
      case 'trial_withdrawn':
      case 'email_bound':
      case 'email_unbound':
      case 'user_banned':
      case 'user_unbanned':
      case 'deletion_requested':
      case 'deletion_cancelled':
        return this.texts.html(this.locale, `log.lines.${kind}`, { who });
      case 'registered':
      case 'renewed':
      case 'granted':
        return this.texts.html(this.locale, `log.lines.${kind}`, { who, plan: text('plan') });
      case 'trial_reset':
        return this.texts.html(this.locale, 'log.lines.trial_reset', { who, reason: text('reason') });
      case 'invited':
        return this.texts.html(this.locale, 'log.lines.invited', {
          who,
          other: this.nameOf(params['other_id'], names),
        });
      case 'adjustment_requested':
      case 'points_adjusted':
      case 'adjustment_rejected': {
        const points = Number(params['points'] ?? 0);
        const signed = points > 0 ? `+${points}` : String(points);
        return this.texts.html(this.locale, `log.lines.${kind}`, { who, points: signed, reason: text('reason') });
      }
      case 'codes_created':
      case 'code_changed':
        return this.texts.html(this.locale, `log.lines.${kind}`, { id: text('id') });
      case 'members_imported':
        return this.texts.html(this.locale, 'log.lines.members_imported', {
          title: text('title'),
          added: text('added'),
          updated: text('updated'),
          refused: text('refused'),
        });
      case 'group_migrated':
        return this.texts.html(this.locale, 'log.lines.group_migrated', { title: text('title'), chat: text('chat') });
      case 'broadcast':
        return this.texts.html(this.locale, 'log.lines.broadcast', {
          title: text('title'),
          status: this.statusOf(text('broadcast_status') as BroadcastStatus),
          recipients: text('recipients'),
        });
      case 'bot_ready':
        return this.texts.html(this.locale, 'log.lines.bot_ready', { title: text('title') });
      case 'bot_rights':
        return this.texts.html(this.locale, 'log.lines.bot_rights', { title: text('title'), missing: text('missing') });
      case 'update_types':
        return this.texts.html(this.locale, 'log.lines.update_types', { missing: text('missing') });
      case 'velocity_alarm':
        return this.texts.html(this.locale, 'log.lines.velocity_alarm', {
          rule: text('rule'),
          subject: params['user_id'] === null ? this.subjectOf(params['record_type']) : who,
          points: text('points'),
          records: text('records'),
          minutes: text('minutes'),
        });
    }
  }

  private subjectOf(recordType: string | number | null | undefined): string {
    return typeof recordType === 'string'
      ? this.texts.text(this.locale, `bot.records.${recordType as PointRecordType}`)
      : this.texts.text(this.locale, 'oversight.alarm.everybody');
  }

  private statusOf(status: BroadcastStatus): string {
    return this.texts.text(this.locale, `log.broadcast_status.${status}`);
  }

  private nameOf(id: string | number | null | undefined, names: ReadonlyMap<number, string>): string {
    const name = names.get(Number(id));
    return name === undefined ? `#${id}` : `${presentableName(name)} (#${id})`;
  }
}
