import { Controller } from '@nestjs/common';
import { AppError, SignInWithTelegram, SignInWithWidget, type HandledInputOf } from '#contracts';
import { localeOfLanguageTag } from '#i18n';
import { HandleCommand, type CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import type { Contact } from '../identity/user.store.js';
import type { UserSettings } from '../user.env.js';
import { judgeInitData } from './init-data.rules.js';
import { judgeWidgetData } from './login-widget.rules.js';
import { SessionOpeningService } from './session-opening.service.js';
import type { TelegramIdentity } from './telegram-signature.rules.js';
import type { Tokens } from './token.issuer.js';

/** Signing in with what Telegram has signed (U-14). */
@Controller()
export class SessionService {
  constructor(
    private readonly opening: SessionOpeningService,
    @InjectSettings() private readonly settings: UserSettings,
  ) {}

  @HandleCommand(SignInWithTelegram)
  async signIn(input: HandledInputOf<typeof SignInWithTelegram>, context: CommandContext): Promise<Tokens> {
    const botToken = this.settings.TELEGRAM_BOT_TOKEN;
    if (!botToken) throw new AppError('auth.init_data_invalid');
    const verdict = judgeInitData(input.init_data, botToken, context.now);
    if (!verdict.ok) throw new AppError(verdict.reason === 'stale' ? 'auth.init_data_stale' : 'auth.init_data_invalid');
    return this.opening.open(context, contactOf(verdict.identity), { method: 'mini_app', device: input.device });
  }

  @HandleCommand(SignInWithWidget)
  async signInWithWidget(input: HandledInputOf<typeof SignInWithWidget>, context: CommandContext): Promise<Tokens> {
    const botToken = this.settings.TELEGRAM_BOT_TOKEN;
    if (!botToken) throw new AppError('auth.widget_invalid');
    const { device, ...data } = input;
    const verdict = judgeWidgetData(data, botToken, context.now);
    if (!verdict.ok) throw new AppError(verdict.reason === 'stale' ? 'auth.widget_stale' : 'auth.widget_invalid');
    const locale = context.call.locale;
    return this.opening.open(context, { ...contactOf(verdict.identity), locale }, { method: 'login_widget', device });
  }
}

function contactOf({ telegramId, firstName, username, languageCode }: TelegramIdentity): Contact {
  return {
    telegramId,
    kind: 'person',
    firstName,
    username,
    locale: localeOfLanguageTag(languageCode),
    role: 'member',
  };
}
