import { Injectable } from '@nestjs/common';
import type { User } from 'telegraf/types';
import type { Cache } from '#cache';
import { AppError, FindUserByTelegram, MeetUser, profileSchema, type Call, type Profile } from '#contracts';
import { localeOfLanguageTag } from '#i18n';
import { InjectCache } from '#service';
import { profileKey, telegramIdKey } from './cache-key.rules.js';
import { PatientClient } from './patient.client.js';

const keptMs = 60_000;
/** Longer than anything else about a member is kept here. */
const telegramIdKeptMs = 31 * 24 * 60 * 60_000;

export interface Encounter {
  readonly profile: Profile;
  readonly isFirst: boolean;
}

/** Who a Telegram account is on the platform. Meets strangers (U-01), and members whose name has changed, again. */
@Injectable()
export class MemberResolver {
  constructor(
    private readonly client: PatientClient,
    @InjectCache() private readonly cache: Cache,
  ) {}

  async resolve(from: User, requestId: string, idempotencyKey: string): Promise<Encounter> {
    const call = this.call(from, requestId);
    const known = (await this.recall(from)) ?? (await this.find(from, call));
    // Whose account is closed is not met again: nothing new is kept about them.
    if (known && (known.status !== 'active' || isUpToDate(known, from))) return { profile: known, isFirst: false };
    const contact = {
      ...namesOf(from),
      telegram_id: String(from.id),
      language_code: from.language_code?.slice(0, 35) ?? null,
    };
    const { profile, created } = await this.client.command(MeetUser, contact, call, idempotencyKey);
    await this.remember(profile);
    return { profile, isFirst: created };
  }

  /** Who it is, if the platform has met them; for what is no contact with the bot. */
  async recognise(from: User, requestId: string): Promise<Profile | null> {
    return (await this.recall(from)) ?? (await this.find(from, this.call(from, requestId)));
  }

  /** A group in which the bot has arrived. */
  async meetGroup(
    id: number,
    title: string,
    languageCode: string | undefined,
    call: Call,
    key: string,
  ): Promise<Profile> {
    const input = { telegram_id: String(id), kind: 'group', first_name: title.slice(0, 128) || String(id) } as const;
    const contact = { ...input, language_code: languageCode?.slice(0, 35) ?? null };
    return (await this.client.command(MeetUser, contact, call, key)).profile;
  }

  /** Keeps a profile for a minute. Without the cache the owner is asked each time. */
  async remember(profile: Profile): Promise<void> {
    // First, so that there is no moment in which the profile lies here and would not be found again (U-15).
    await this.cache.set(telegramIdKey(profile.id), profile.telegram_id, telegramIdKeptMs).catch(() => undefined);
    await this.cache.set(profileKey(profile.telegram_id), JSON.stringify(profile), keptMs).catch(() => undefined);
  }

  /** The bot has changed something about the member. */
  async forget(profile: Profile): Promise<void> {
    await this.cache.delete(profileKey(profile.telegram_id)).catch(() => undefined);
  }

  /** Whom the doors know as erased: nothing of theirs stays, nor that it had been there. */
  async forgetForGood(profile: Profile): Promise<void> {
    await this.forget(profile);
    await this.cache.delete(telegramIdKey(profile.id)).catch(() => undefined);
    await this.cache.forgetHistory().catch(() => undefined);
  }

  /** Before the member is known, the bot itself asks. */
  call(from: Pick<User, 'language_code'>, requestId: string): Call {
    const locale = localeOfLanguageTag(from.language_code);
    return { request_id: requestId, actor: { kind: 'system', name: 'telegram-bot' }, channel: 'bot', locale };
  }

  private async recall(from: User): Promise<Profile | null> {
    const kept = await this.cache.get(profileKey(String(from.id))).catch(() => null);
    return kept === null ? null : (profileSchema.safeParse(JSON.parse(kept)).data ?? null);
  }

  private async find(from: User, call: Call): Promise<Profile | null> {
    try {
      const { profile } = await this.client.query(FindUserByTelegram, { telegram_id: String(from.id) }, call);
      await this.remember(profile);
      return profile;
    } catch (error) {
      if (error instanceof AppError && error.errorName === 'user.not_found') return null;
      throw error;
    }
  }
}

function namesOf(from: User): { first_name: string; username: string | null } {
  return {
    first_name: from.first_name.slice(0, 128) || String(from.id),
    username: from.username?.slice(0, 64) ?? null,
  };
}

function isUpToDate(profile: Profile, from: User): boolean {
  const { first_name, username } = namesOf(from);
  return profile.first_name === first_name && profile.username === username;
}
