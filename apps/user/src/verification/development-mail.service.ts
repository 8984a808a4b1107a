import { Controller } from '@nestjs/common';
import { AppError, DevelopmentMailDropped, DropDevelopmentMail, type HandledInputOf, type OutputOf } from '#contracts';
import { HandleCommand, type CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import type { UserSettings } from '../user.env.js';
import { CommunityMailbox } from './community-mailbox.source.js';
import { deliverDevelopmentMail } from './development-mail.sender.js';
import { isAcceptableAddress, maskAddress } from './email-address.rules.js';

/** The mail form of the embedded mode: a mail as its sender's provider would have signed it. Not a part of any other mode. */
@Controller()
export class DevelopmentMailService {
  constructor(
    private readonly mailbox: CommunityMailbox,
    @InjectSettings() private readonly settings: UserSettings,
  ) {}

  @HandleCommand(DropDevelopmentMail)
  async drop(
    { from, subject, text }: HandledInputOf<typeof DropDevelopmentMail>,
    context: CommandContext,
  ): Promise<OutputOf<typeof DropDevelopmentMail>> {
    if (!isAcceptableAddress(from)) throw new AppError('verification.address_invalid');
    const { embedded, forge, authservId } = this.mailbox;
    if (!embedded || !forge) throw new AppError('system.unavailable');
    const masked = maskAddress(from);
    context.emit(
      DevelopmentMailDropped,
      { from: masked },
      {
        after: { from: masked },
      },
    );
    // A file, not a row: should the commit fail, the mail is there without its event, as a letter may be.
    await deliverDevelopmentMail(
      { from, subject, text },
      {
        forge,
        append: (raw) => embedded.append(raw),
        mailbox: this.settings.VERIFY_MAILBOX,
        authservId,
        now: new Date(),
      },
    );
    return { accepted: true };
  }
}
