import { Controller } from '@nestjs/common';
import {
  AppError,
  ChangeLocale,
  FindUserByTelegram,
  GetProfile,
  MeetUser,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { localeOfLanguageTag } from '#i18n';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { countFollows, followersSide } from '../community/follow.store.js';
import { ContactService } from './contact.service.js';
import { profileOf } from './profile.rules.js';
import { SettingsWriter } from '../settings/settings.writer.js';
import { findUser, findUserByTelegramId } from './user.store.js';

/** Who is who (U-01): first contact, profile, language. */
@Controller()
export class UserService {
  constructor(
    private readonly contacts: ContactService,
    private readonly settings: SettingsWriter,
  ) {}

  @HandleCommand(MeetUser)
  async meet(input: HandledInputOf<typeof MeetUser>, context: CommandContext): Promise<OutputOf<typeof MeetUser>> {
    const { row, created } = await this.contacts.meet(context, {
      telegramId: input.telegram_id,
      kind: input.kind,
      firstName: input.first_name,
      username: input.username,
      locale: localeOfLanguageTag(input.language_code),
      role: 'member',
    });
    return { profile: profileOf(row, context.now), created };
  }

  @HandleQuery(GetProfile)
  async getProfile(
    _input: HandledInputOf<typeof GetProfile>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof GetProfile>> {
    const row = await findUser(reader, requireUser(call));
    if (!row) throw new AppError('user.not_found');
    return { ...profileOf(row, now), followers: await countFollows(reader, followersSide, row.id) };
  }

  @HandleQuery(FindUserByTelegram)
  async findByTelegram(
    input: HandledInputOf<typeof FindUserByTelegram>,
    { reader, now }: QueryContext,
  ): Promise<OutputOf<typeof FindUserByTelegram>> {
    const row = await findUserByTelegramId(reader, input.telegram_id);
    if (!row) throw new AppError('user.not_found');
    return { profile: profileOf(row, now) };
  }

  @HandleCommand(ChangeLocale)
  async changeLocale(
    input: HandledInputOf<typeof ChangeLocale>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ChangeLocale>> {
    const { user } = await this.settings.change(context, requireUser(context.call), { locale: input.locale });
    const followers = await countFollows(context.tx, followersSide, user.id);
    return { ...profileOf(user, context.now), followers };
  }
}
