import { Controller } from '@nestjs/common';
import { AppError, ChangeSettings, GetSettings, type HandledInputOf } from '#contracts';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { findUser } from '../identity/user.store.js';
import { readSettings } from './settings.store.js';
import { SettingsWriter, type SettingsView } from './settings.writer.js';

/** Profile and settings of the calling member (U-11). */
@Controller()
export class SettingsService {
  constructor(private readonly writer: SettingsWriter) {}

  @HandleQuery(GetSettings)
  async get(_input: HandledInputOf<typeof GetSettings>, { reader, call }: QueryContext): Promise<SettingsView> {
    const user = await findUser(reader, requireUser(call));
    if (!user) throw new AppError('user.not_found');
    return this.writer.viewOf(user.locale, await readSettings(reader, user.id));
  }

  @HandleCommand(ChangeSettings)
  async change(input: HandledInputOf<typeof ChangeSettings>, context: CommandContext): Promise<SettingsView> {
    return (await this.writer.change(context, requireUser(context.call), input)).view;
  }
}
