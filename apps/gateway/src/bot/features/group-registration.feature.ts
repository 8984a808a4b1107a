import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { AppError, RegisterGroup } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { answersInGroups } from '../feature.parts.js';
import { formatDateTime } from '../locale.format.js';
import { MemberResolver } from '../member/member.resolver.js';
import { sendGroupAnswer } from '../telegram/answer.sender.js';
import { requiredTerms } from './terms.view.js';

const groupAdmins: readonly string[] = ['creator', 'administrator'];

/** `/register CODE` in a group, by one of its admins: the chat itself becomes a member (U-01, U-03). */
@Injectable()
export class GroupRegistrationFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly members: MemberResolver,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    answersInGroups(this.composer, { name: 'register' }, (context, code) => this.register(context, code));
  }

  private async register(context: BotContext, code: string): Promise<void> {
    const { visit, chat, from } = context;
    if (!chat || !from || chat.type === 'private' || chat.type === 'channel') return;
    const { status } = await context.getChatMember(from.id);
    if (!groupAdmins.includes(status)) throw new AppError('membership.group_admin_required');
    if (code === '') return sendGroupAnswer(context, visit.html('membership.group.usage'));
    const call = this.members.call(from, visit.requestId);
    // A key of its own: the admin may have been met for the first time by the same update.
    const group = await this.members.meetGroup(
      chat.id,
      chat.title,
      from.language_code,
      call,
      `${visit.idempotencyKey}:group`,
    );
    const { membership } = await visit.command(RegisterGroup, {
      group_user_id: group.id,
      invite_code: code,
      ...(await requiredTerms(visit, this.settings)),
    });
    const title = chat.title;
    await sendGroupAnswer(
      context,
      membership.expires_at === null
        ? visit.html('membership.group.done_forever', { title })
        : visit.html('membership.group.done_until', {
            title,
            until: formatDateTime(visit.locale, membership.expires_at, this.settings.COMMUNITY_TIMEZONE),
          }),
    );
  }
}
