import { iso31661, iso31662 } from 'iso-3166';
import type { GetSettings, Locale, OutputOf } from '#contracts';
import { formatDate } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { menuButton } from './menu.view.js';
import { clearPress, editPress, settingsEntry, switchPress, type TypedField } from './people.keyboard.js';

type Settings = OutputOf<typeof GetSettings>;

/** Everything at a glance. */
export function settingsHtml(visit: Visit, settings: Settings): string {
  const none = visit.text('people.settings.none');
  const { region, reminders, completion } = settings;
  const onOff = (on: boolean): string => visit.text(on ? 'people.settings.on' : 'people.settings.off');
  const country = region.country === null ? none : countryName(visit.locale, region.country);
  const birthday =
    settings.birthday === null ? none : formatDate(visit.locale, `${settings.birthday}T00:00:00Z`, 'UTC');
  return [
    visit.html('people.settings.title', { percent: completion.percent }),
    '',
    visit.html('people.settings.nickname', { value: settings.nickname ?? none }),
    visit.html('people.settings.avatar', { value: settings.avatar_url ?? none }),
    visit.html('people.settings.timezone', { value: settings.timezone }),
    visit.html('people.settings.birthday', { value: birthday }),
    visit.html('people.settings.country', { value: country }),
    visit.html('people.settings.province', { value: provinceName(region.province) ?? none }),
    visit.html('people.settings.city', { value: region.city ?? none }),
    '',
    visit.html('people.settings.leaderboards', { value: onOff(settings.show_in_leaderboards) }),
    visit.html('people.settings.check_in', { value: onOff(reminders.check_in), time: reminders.check_in_at }),
    visit.html('people.settings.membership', { value: onOff(reminders.membership) }),
  ].join('\n');
}

export function settingsButtons(visit: Visit, settings: Settings): ButtonRows {
  const edit = (field: TypedField): ButtonRows[number][number] =>
    button(visit.text(`people.fields.${field}`), editPress.pack({ field }));
  const { reminders, show_in_leaderboards } = settings;
  const turn = (name: 'leaderboards' | 'check_in' | 'membership', isOn: boolean): ButtonRows[number] => {
    const what = visit.text(`people.switches.${name}`);
    const label = isOn
      ? visit.text('people.buttons.turn_off', { what })
      : visit.text('people.buttons.turn_on', { what });
    return [button(label, switchPress.pack({ name, on: isOn ? '0' : '1' }))];
  };
  return [
    [edit('nickname'), edit('avatar_url')],
    [edit('timezone'), edit('birthday')],
    [edit('country'), edit('province'), edit('city')],
    turn('leaderboards', show_in_leaderboards),
    turn('check_in', reminders.check_in),
    ...(reminders.check_in ? [[edit('remind_at')]] : []),
    turn('membership', reminders.membership),
    [menuButton(visit)],
  ];
}

/** Below a question: what may be taken away, and the way back. */
export function questionButtons(visit: Visit, field: TypedField, isClearable: boolean): ButtonRows {
  const back = button(visit.text('people.buttons.back'), settingsEntry.press.pack({}));
  const clear = button(visit.text('people.buttons.clear'), clearPress.pack({ field }));
  return isClearable ? [[clear], [back]] : [[back]];
}

export function countryName(locale: Locale, code: string): string {
  return new Intl.DisplayNames([locale], { type: 'region' }).of(code) ?? code;
}

const countryCodes = iso31661.map(({ alpha2 }) => alpha2);

/** The code of a country that was typed: as a code, or by its name in the member's language or in English. */
export function countryTyped(locale: Locale, typed: string): string {
  const wanted = plain(typed);
  const byName = countryCodes.find((code) =>
    [locale, 'en' as const].some((language) => plain(countryName(language, code)) === wanted),
  );
  return byName ?? typed.slice(0, 2);
}

/** The code of a province that was typed: as a code, or by the beginning of its name in ISO 3166-2. */
export function provinceTyped(country: string | null, typed: string): string {
  const wanted = plain(typed);
  const ofCountry = iso31662.filter(({ code }) => code.startsWith(`${country ?? ''}-`));
  const found =
    ofCountry.find(({ name }) => plain(name) === wanted) ??
    ofCountry.find(({ name }) => plain(name).startsWith(wanted));
  return typed.includes('-') || found === undefined ? typed.slice(0, 6) : found.code;
}

function provinceName(code: string | null): string | null {
  return iso31662.find((province) => province.code === code)?.name ?? code;
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}
