import { communityDay } from '#calendar';
import { profileParts, type HandledInputOf, type ChangeSettings, type ErrorName } from '#contracts';
import { normaliseRegion, type RegionPart } from './region.rules.js';

/** The fields of a `user_settings` row that a member chooses. */
export interface ChosenSettings {
  readonly nickname: string | null;
  readonly avatar_url: string | null;
  readonly timezone: string | null;
  readonly birthday: string | null;
  readonly country: string | null;
  readonly province: string | null;
  readonly city: string | null;
  readonly show_in_leaderboards: boolean;
  readonly remind_check_in: boolean;
  readonly remind_check_in_at: string;
  readonly remind_membership: boolean;
}

export const nothingChosen: ChosenSettings = {
  nickname: null,
  avatar_url: null,
  timezone: null,
  birthday: null,
  country: null,
  province: null,
  city: null,
  show_in_leaderboards: true,
  remind_check_in: false,
  remind_check_in_at: '09:00',
  remind_membership: true,
};

export type SettingsWish = HandledInputOf<typeof ChangeSettings>;

export type SettingsVerdict =
  | { readonly ok: true; readonly settings: ChosenSettings }
  | { readonly ok: false; readonly error: Exclude<ErrorName & `profile.${string}`, 'profile.region_unknown'> }
  | { readonly ok: false; readonly error: 'profile.region_unknown'; readonly part: RegionPart };

const nicknameCharactersAtMost = 32;
const yearsAtMost = 120;
/** Control characters, line ends, and marks that turn or hide text; the joiner inside emoji is none of them. */
const invisible = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|(?!\u200d)\p{Cf}/u;

/** What the settings become when the wish is granted, or why it is not (U-11). `zone`: whose days count for who has chosen none. */
export function applySettings(before: ChosenSettings, wish: SettingsWish, now: Date, zone: string): SettingsVerdict {
  const nickname = wish.nickname === undefined ? before.nickname : wish.nickname && normaliseNickname(wish.nickname);
  if (nickname === undefined || nickname === '') return { ok: false, error: 'profile.nickname_not_allowed' };
  const avatar = wish.avatar_url === undefined ? before.avatar_url : wish.avatar_url;
  if (avatar !== null && !isPublicLink(avatar)) return { ok: false, error: 'profile.avatar_not_allowed' };
  const timezone = wish.timezone === undefined ? before.timezone : timezoneNamed(wish.timezone);
  if (timezone === undefined) return { ok: false, error: 'profile.timezone_unknown' };
  const birthday = wish.birthday === undefined ? before.birthday : wish.birthday;
  // One that was taken stays: it may have become too old, or tomorrow in a new time zone.
  if (
    birthday !== null &&
    birthday !== before.birthday &&
    !isPossibleBirthday(birthday, communityDay(now, timezone ?? zone))
  )
    return { ok: false, error: 'profile.birthday_impossible' };
  const verdict = normaliseRegion(wish.region ?? before);
  if (!verdict.ok) return { ok: false, error: 'profile.region_unknown', part: verdict.part };
  const { reminders } = wish;
  return {
    ok: true,
    settings: {
      nickname,
      avatar_url: avatar,
      timezone,
      birthday,
      ...verdict.region,
      show_in_leaderboards: wish.show_in_leaderboards ?? before.show_in_leaderboards,
      remind_check_in: reminders?.check_in ?? before.remind_check_in,
      remind_check_in_at: reminders?.check_in_at ?? before.remind_check_in_at,
      remind_membership: reminders?.membership ?? before.remind_membership,
    },
  };
}

function normaliseNickname(typed: string): string | undefined {
  const nickname = typed
    .normalize('NFC')
    .replace(/[^\S\r\n]+/gu, ' ')
    .trim();
  const isAllowed =
    [...nickname].length <= nicknameCharactersAtMost &&
    !invisible.test(nickname) &&
    /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(nickname);
  return isAllowed ? nickname : undefined;
}

/** Other members' programs will load it: nothing but https, no login in it, a host by name. */
function isPublicLink(link: string): boolean {
  if (!URL.canParse(link) || !/^https:\/\/[\x21-\x7e]+$/i.test(link)) return false;
  const { hostname, username, password } = new URL(link);
  return username === '' && password === '' && /\.[a-z][a-z0-9-]*[a-z0-9]$/i.test(hostname);
}

/** The IANA name in its usual spelling; undefined for none. Offsets such as +08:00 are no places: they know no summer time. */
function timezoneNamed(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z_]*(?:\/[A-Za-z0-9_+-]+)*$/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function isPossibleBirthday(birthday: string, today: string): boolean {
  const oldest = `${String(Number(today.slice(0, 4)) - yearsAtMost).padStart(4, '0')}${today.slice(4)}`;
  return birthday <= today && birthday >= oldest;
}

/** How complete a profile is, and what is missing. */
export function completionOf(settings: ChosenSettings): { percent: number; missing: (typeof profileParts)[number][] } {
  const missing = profileParts.filter((part) => settings[part] === null);
  return { percent: Math.round(((profileParts.length - missing.length) / profileParts.length) * 100), missing };
}

/** The names of the fields that differ. */
export function changedFields(before: ChosenSettings, after: ChosenSettings): (keyof ChosenSettings)[] {
  return (Object.keys(after) as (keyof ChosenSettings)[]).filter((field) => before[field] !== after[field]);
}
