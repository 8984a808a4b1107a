import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import { type AppError, ChangeSettings, GetSettings, type ErrorName, type InputOf, type OutputOf } from '#contracts';
import { Texts } from '#i18n';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { onAnswer, opens } from '../feature.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import { refusalText } from '../refusal.text.js';
import { button, replaceAnswer, sendAnswer, type ButtonRows } from '../telegram/answer.sender.js';
import {
  clearPress,
  countryPress,
  editPress,
  settingsEntry,
  switchPress,
  typedFields,
  zonePress,
  type TypedField,
} from './people.keyboard.js';
import { orAskAgain } from './retry.parts.js';
import {
  countryName,
  countryTyped,
  provinceTyped,
  questionButtons,
  settingsButtons,
  settingsHtml,
} from './settings.view.js';

type Wish = InputOf<typeof ChangeSettings>;
type Settings = OutputOf<typeof GetSettings>;

const fieldAsked = defineConversation('settings', 'people.ask.reminder', z.object({ field: z.enum(typedFields) }));

/** After these another text may help. */
const worthAnotherTry: readonly ErrorName[] = [
  'request.invalid',
  'profile.nickname_not_allowed',
  'profile.avatar_not_allowed',
  'profile.timezone_unknown',
  'profile.birthday_impossible',
  'profile.region_unknown',
];

const zonesOffered = [
  'Asia/Shanghai',
  'Asia/Singapore',
  'Asia/Almaty',
  'Europe/Moscow',
  'Europe/London',
  'America/New_York',
];
const countriesOffered = ['CN', 'RU', 'KZ', 'SG', 'MY', 'GB', 'US', 'JP'];

/** `/settings`: profile, region, privacy and reminders by buttons, and a conversation where words are needed (U-11). */
@Injectable()
export class SettingsFeature implements BotFeature {
  static readonly menu = [settingsEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    private readonly texts: Texts,
  ) {
    opens(this.composer, settingsEntry, (context) => this.show(context));
    onAnswer(this.composer, fieldAsked, (context, text, { field }) => this.answer(context, field, text));
    this.composer.use(onPress(editPress, (context, { field }) => this.ask(context, field)));
    this.composer.use(onPress(clearPress, (context, { field }) => this.clear(context, field)));
    this.composer.use(onPress(zonePress, (context, { zone }) => this.change(context, { timezone: zone })));
    this.composer.use(onPress(countryPress, (context, { country }) => this.change(context, { region: { country } })));
    this.composer.use(
      onPress(switchPress, (context, { name, on }) => {
        const isOn = on === '1';
        const wish = name === 'leaderboards' ? { show_in_leaderboards: isOn } : { reminders: { [name]: isOn } };
        return this.change(context, wish);
      }),
    );
  }

  private async show(context: BotContext): Promise<void> {
    const { visit } = context;
    const settings = await visit.query(GetSettings, {});
    await sendAnswer(context, settingsHtml(visit, settings), settingsButtons(visit, settings));
  }

  private async ask(context: BotContext, field: TypedField): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, fieldAsked, { field });
    const offered = offeredFor(context, field);
    const buttons = [...offered, ...questionButtons(visit, field, field !== 'timezone' && field !== 'remind_at')];
    await sendAnswer(context, visit.html(`people.ask.${field}`), buttons);
  }

  private async answer(context: BotContext, field: TypedField, text: string): Promise<void> {
    const { visit } = context;
    const askAgain = (_: BotContext, refusal: AppError): Promise<void> => this.askAgain(context, field, refusal);
    await orAskAgain(context, { conversations: this.conversations, worthAnotherTry, askAgain }, async () => {
      const settings = await visit.query(GetSettings, {});
      await this.change(context, wishOf(context, field, text, settings));
    });
  }

  private async askAgain(context: BotContext, field: TypedField, refusal: AppError): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, fieldAsked, { field });
    const why =
      refusal.errorName === 'request.invalid'
        ? visit.html('people.ask.not_understood')
        : refusalText(this.texts, visit.locale, refusal, visit.requestId);
    await sendAnswer(context, `${why}\n\n${visit.html(`people.ask.${field}`)}`, questionButtons(visit, field, false));
  }

  private async clear(context: BotContext, field: TypedField): Promise<void> {
    const { region } = await context.visit.query(GetSettings, {});
    const { country, province } = region;
    const nothing = { country: null, province: null, city: null };
    const wishes: Record<TypedField, Wish> = {
      nickname: { nickname: null },
      avatar_url: { avatar_url: null },
      timezone: {},
      birthday: { birthday: null },
      country: { region: nothing },
      province: { region: { ...region, province: null } },
      city: { region: { ...nothing, country, province } },
      remind_at: {},
    };
    await this.change(context, wishes[field]);
  }

  private async change(context: BotContext, wish: Wish): Promise<void> {
    const { visit } = context;
    const settings = await visit.command(ChangeSettings, wish);
    await this.conversations.end(context);
    const html = `${visit.html('people.settings.changed')}\n\n${settingsHtml(visit, settings)}`;
    const buttons = settingsButtons(visit, settings);
    await (context.callbackQuery ? replaceAnswer(context, html, buttons) : sendAnswer(context, html, buttons));
  }
}

/** The change that a typed text means; what makes no sense is refused by who keeps the settings. */
function wishOf({ visit }: BotContext, field: TypedField, text: string, { region }: Settings): Wish {
  switch (field) {
    case 'nickname':
      return { nickname: text };
    case 'avatar_url':
      return { avatar_url: text };
    case 'timezone':
      return { timezone: text.replaceAll(' ', '_') };
    case 'birthday':
      return { birthday: text.replace(/^([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})$/, dayMonthYear) };
    case 'country':
      return { region: { country: countryTyped(visit.locale, text) } };
    case 'province':
      return { region: { country: region.country, province: provinceTyped(region.country, text) } };
    case 'city':
      return { region: { ...region, city: text } };
    case 'remind_at':
      return { reminders: { check_in_at: text.replace(/^([0-9]):/, '0$1:') } };
  }
}

function dayMonthYear(_: string, day: string, month: string, year: string): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function offeredFor({ visit }: BotContext, field: TypedField): ButtonRows {
  if (field === 'timezone') return pairsOf(zonesOffered.map((zone) => button(zone, zonePress.pack({ zone }))));
  if (field !== 'country') return [];
  return pairsOf(
    countriesOffered.map((country) => button(countryName(visit.locale, country), countryPress.pack({ country }))),
  );
}

function pairsOf(buttons: ButtonRows[number]): ButtonRows {
  return buttons.flatMap((_, index) => (index % 2 === 0 ? [buttons.slice(index, index + 2)] : []));
}
