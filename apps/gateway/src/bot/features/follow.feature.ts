import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { FindUserByTelegram, FollowUser, ListFollowers, ListFollowing, UnfollowUser } from '#contracts';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { onDeepLink, opens } from '../feature.parts.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer, type ButtonRows } from '../telegram/answer.sender.js';
import { followPress, friendsEntry, unfollowPress } from './follow.keyboard.js';
import { menuButton } from './menu.view.js';

const shownAtMost = 10;

/** `/friends`: whom the member follows and who follows them (U-16), with a link for others to follow. */
@Injectable()
export class FollowFeature implements BotFeature {
  static readonly menu = [friendsEntry];
  readonly composer = new Composer<BotContext>();

  constructor() {
    opens(this.composer, friendsEntry, (context) => this.show(context));
    onDeepLink(this.composer, /^follow_([0-9]{1,20})$/, (context, [, telegramId = '']) =>
      this.offer(context, telegramId),
    );
    this.composer.use(onPress(followPress, (context, { id }) => this.follow(context, id)));
    this.composer.use(onPress(unfollowPress, (context, { id }) => this.unfollow(context, id)));
  }

  private async show(context: BotContext): Promise<void> {
    const { visit } = context;
    const [followers, following] = await Promise.all([
      visit.query(ListFollowers, { page: 1, page_size: 1 }),
      visit.query(ListFollowing, { page: 1, page_size: shownAtMost }),
    ]);
    const link = `https://t.me/${context.me}?start=follow_${visit.member.telegram_id}`;
    const html = [
      visit.html('community.followers', { count: followers.total }),
      visit.html('community.following', { count: following.total }),
      '',
      visit.html('community.share', { link }),
    ].join('\n');
    const rows: ButtonRows = following.items.map(({ user_id, first_name }) => [
      button(visit.text('community.buttons.unfollow', { name: first_name }), unfollowPress.pack({ id: user_id })),
    ]);
    await sendAnswer(context, html, [...rows, [menuButton(visit)]]);
  }

  private async offer(context: BotContext, telegramId: string): Promise<void> {
    const { visit } = context;
    const { profile } = await visit.query(FindUserByTelegram, { telegram_id: telegramId });
    await sendAnswer(context, visit.html('community.offer', { name: profile.first_name }), [
      [
        button(
          visit.text('community.buttons.follow', { name: profile.first_name }),
          followPress.pack({ id: profile.id }),
        ),
      ],
      [menuButton(visit)],
    ]);
  }

  private async follow(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    await visit.command(FollowUser, { user_id: id });
    await this.replace(context, visit.html('community.followed'), visit);
  }

  private async unfollow(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    await visit.command(UnfollowUser, { user_id: id });
    await this.replace(context, visit.html('community.unfollowed'), visit);
  }

  private replace(context: BotContext, html: string, visit: Visit): Promise<void> {
    return replaceAnswer(context, html, [[menuButton(visit)]]);
  }
}
