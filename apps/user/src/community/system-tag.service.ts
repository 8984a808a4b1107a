import { Controller } from '@nestjs/common';
import { EmailBound, EmailUnbound, InvitationSucceeded, MembershipStarted, type PayloadOf } from '#contracts';
import { sqlTime } from '#database';
import { HandleEvent, type EventContext } from '#messaging';
import { findUser } from '../identity/user.store.js';
import { findTagByName, setTag } from './tag.store.js';

/** The tags that the platform sets by what happens (U-16), and when somebody became a member first (U-17). */
@Controller()
export class SystemTagService {
  @HandleEvent(MembershipStarted)
  async started({ user_id }: PayloadOf<typeof MembershipStarted>, context: EventContext): Promise<void> {
    if (!(await findUser(context.tx, user_id))) return;
    const registeredAt = sqlTime(new Date(context.message.occurred_at));
    await context.tx.upsert(
      'member_registrations',
      { user_id, registered_at: registeredAt },
      { conflict: ['user_id'] },
    );
    await this.set(context, 'registered', user_id, true);
  }

  @HandleEvent(EmailBound)
  async bound({ user_id }: PayloadOf<typeof EmailBound>, context: EventContext): Promise<void> {
    await this.setVerified(context, user_id);
  }

  @HandleEvent(EmailUnbound)
  async unbound({ user_id }: PayloadOf<typeof EmailUnbound>, context: EventContext): Promise<void> {
    await this.setVerified(context, user_id);
  }

  @HandleEvent(InvitationSucceeded)
  async invited(payload: PayloadOf<typeof InvitationSucceeded>, context: EventContext): Promise<void> {
    await this.set(context, 'inviter', payload.inviter_user_id, true);
  }

  /** By the account as it is now: the news of it may come in any order. */
  private async setVerified(context: EventContext, userId: number): Promise<void> {
    const user = await findUser(context.tx, userId);
    if (user) await this.set(context, 'verified', userId, user.email !== null);
  }

  private async set(context: EventContext, name: string, userId: number, has: boolean): Promise<void> {
    const tag = await findTagByName(context.tx, name);
    // Nothing new is kept about whoever is gone.
    if (tag && (await findUser(context.tx, userId))) await setTag(context, tag, userId, has);
  }
}
