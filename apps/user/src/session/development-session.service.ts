import { Controller } from '@nestjs/common';
import { SignInForDevelopment, type HandledInputOf } from '#contracts';
import { localeOfLanguageTag } from '#i18n';
import { HandleCommand, type CommandContext } from '#messaging';
import { SessionOpeningService } from './session-opening.service.js';
import type { Tokens } from './token.issuer.js';

/** Sign-in as anybody. Only the embedded mode has this handler; elsewhere nobody answers the contract. */
@Controller()
export class DevelopmentSessionService {
  constructor(private readonly sessions: SessionOpeningService) {}

  @HandleCommand(SignInForDevelopment)
  async signIn(input: HandledInputOf<typeof SignInForDevelopment>, context: CommandContext): Promise<Tokens> {
    const locale = localeOfLanguageTag(input.language_code);
    const contact = {
      telegramId: input.telegram_id,
      kind: 'person' as const,
      firstName: input.first_name,
      username: null,
      locale,
    };
    const signIn = { method: 'development', device: input.device } as const;
    return this.sessions.open(context, { ...contact, role: input.role ?? 'member' }, signIn);
  }
}
