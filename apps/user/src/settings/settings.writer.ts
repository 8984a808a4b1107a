import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import {
  AppError,
  ProfileCompleted,
  UserSettingsChanged,
  type GetSettings,
  type Locale,
  type OutputOf,
  type SettingsOfUser,
} from '#contracts';
import { isoTime, isoTimeOrNull, sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { InjectSettings, Metrics } from '#service';
import { ContactService } from '../identity/contact.service.js';
import type { UserRow } from '../identity/profile.rules.js';
import { lockUser } from '../identity/user.store.js';
import type { UserSettings } from '../user.env.js';
import {
  applySettings,
  changedFields,
  completionOf,
  type ChosenSettings,
  type SettingsWish,
} from './settings.rules.js';
import { lockSettings, writeSettings, type KeptSettings } from './settings.store.js';

export type SettingsView = OutputOf<typeof GetSettings>;

/** Changes a member's settings inside the transaction of whoever handles the wish, and tells it (U-11). */
@Injectable()
export class SettingsWriter {
  private readonly changes: Counter<'field'>;

  constructor(
    private readonly contacts: ContactService,
    @InjectSettings() private readonly settings: UserSettings,
    metrics: Metrics,
  ) {
    this.changes = metrics.counter('coser_settings_changes_total', 'Changes of profile and settings, by field', [
      'field',
    ]);
  }

  /** @throws AppError user.not_found, profile.* */
  async change(
    context: CommandContext,
    userId: number,
    wish: SettingsWish,
  ): Promise<{ user: UserRow; view: SettingsView }> {
    const { tx, now } = context;
    const before = await lockUser(tx, userId);
    const kept = await lockSettings(tx, userId, now);
    const verdict = applySettings(kept.chosen, wish, now, this.settings.COMMUNITY_TIMEZONE);
    if (!verdict.ok) {
      if (verdict.error === 'profile.region_unknown') throw new AppError(verdict.error, { part: verdict.part });
      throw new AppError(verdict.error);
    }
    const user = await this.contacts.change(context, before, { ...before, locale: wish.locale ?? before.locale });
    const changed: string[] = changedFields(kept.chosen, verdict.settings);
    if (user.locale !== before.locale) changed.push('locale');
    if (changed.length === 0) return { user, view: this.viewOf(user.locale, kept) };
    const isFirstComplete = kept.completedAt === null && completionOf(verdict.settings).missing.length === 0;
    const next: KeptSettings = {
      chosen: verdict.settings,
      version: kept.version + 1,
      completedAt: isFirstComplete ? sqlTime(now) : kept.completedAt,
    };
    await writeSettings(tx, userId, next, now);
    this.tell(context, { user, before: kept, next, changed });
    if (isFirstComplete) {
      const completed_at = now.toISOString();
      context.emit(ProfileCompleted, { user_id: userId, completed_at }, { user_id: userId, after: { completed_at } });
    }
    return { user, view: this.viewOf(user.locale, next) };
  }

  viewOf(locale: Locale, { chosen, completedAt }: KeptSettings): SettingsView {
    const completion = { ...completionOf(chosen), completed_at: isoTimeOrNull(completedAt) };
    return { ...this.settingsOf(locale, chosen), completion };
  }

  private settingsOf(locale: Locale, chosen: ChosenSettings): SettingsOfUser {
    const { country, province, city } = chosen;
    return {
      nickname: chosen.nickname,
      avatar_url: chosen.avatar_url,
      locale,
      timezone: chosen.timezone ?? this.settings.COMMUNITY_TIMEZONE,
      birthday: chosen.birthday,
      region: { country, province, city },
      show_in_leaderboards: chosen.show_in_leaderboards,
      reminders: {
        check_in: chosen.remind_check_in,
        check_in_at: chosen.remind_check_in_at,
        membership: chosen.remind_membership,
      },
    };
  }

  private tell(
    context: CommandContext,
    change: { user: UserRow; before: KeptSettings; next: KeptSettings; changed: readonly string[] },
  ): void {
    const { user, before, next } = change;
    const changed = [...change.changed];
    context.tx.afterCommit(() => {
      for (const field of changed) this.changes.inc({ field });
    });
    context.emit(
      UserSettingsChanged,
      {
        ...this.settingsOf(user.locale, next.chosen),
        user_id: user.id,
        version: next.version,
        display_name: next.chosen.nickname ?? user.first_name,
        changed,
        changed_at: isoTime(sqlTime(context.now)),
      },
      { user_id: user.id, before: picked(before.chosen, changed), after: picked(next.chosen, changed) },
    );
  }
}

/** For the audit entry: what has changed, and nothing else of a person's data. */
function picked(chosen: ChosenSettings, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(chosen).filter(([field]) => fields.includes(field)));
}
