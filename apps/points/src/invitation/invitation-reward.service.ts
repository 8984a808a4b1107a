import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { InvitationRewarded, InvitationSucceeded, type PayloadOf } from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { InjectSettings, Metrics, withoutErased } from '#service';
import { LedgerService } from '../ledger/ledger.service.js';
import type { PointsSettings } from '../points.env.js';

/** Points for an invitation that succeeded (U-05), by rule: so many for who invited, so many for who came, none for who is erased. */
@Controller()
export class InvitationRewardService {
  private readonly rewards: Counter<'share'>;

  constructor(
    private readonly ledger: LedgerService,
    @InjectSettings() private readonly settings: PointsSettings,
    metrics: Metrics,
  ) {
    this.rewards = metrics.counter('coser_invitation_rewards_total', 'Points given for invitations, by share', [
      'share',
    ]);
    for (const share of ['inviter', 'invitee']) this.rewards.labels(share).inc(0);
  }

  @HandleEvent(InvitationSucceeded)
  async reward(invitation: PayloadOf<typeof InvitationSucceeded>, context: EventContext): Promise<void> {
    const { inviter_user_id, invitee_user_id, invite_code_id } = invitation;
    const shares = [
      { share: 'inviter', userId: inviter_user_id, points: this.settings.INVITER_REWARD_POINTS },
      { share: 'invitee', userId: invitee_user_id, points: this.settings.INVITEE_REWARD_POINTS },
    ] as const;
    const wished = shares.filter(({ points }) => points > 0);
    const given = await withoutErased(context.tx, wished, ({ userId }) => userId);
    const accounts = await this.ledger.lockAccounts(
      context,
      given.map(({ userId }) => userId),
    );
    for (const { share, userId, points } of given) {
      const account = accounts.get(userId);
      if (!account) throw new Error('an account that was to be locked is not there');
      const key = `invitation:${invite_code_id}:${invitee_user_id}:${share}`;
      const { balance } = await this.ledger.post(context, account, [
        { type: 'invitation_reward', points, description: share, key },
      ]);
      context.emit(
        InvitationRewarded,
        { user_id: userId, share, points, balance, invite_code_id },
        { user_id: userId, before: { balance: account.balance }, after: { balance, share, invite_code_id } },
      );
      context.tx.afterCommit(() => this.rewards.labels(share).inc(points));
    }
  }
}
