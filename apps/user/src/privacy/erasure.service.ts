import { Controller, Injectable } from '@nestjs/common';
import {
  EntitlementDataErased,
  ErasureStarted,
  NotificationDataErased,
  PointsDataErased,
  erasureReports,
  type PayloadOf,
} from '#contracts';
import { sqlTime } from '#database';
import { HandleEvent, scrubReplies, type CommandContext, type EventContext } from '#messaging';
import { erasePersonalData, sharedPersonalData } from '#service';
import { userStatuses } from '../identity/profile.rules.js';
import { TelegramIdentity } from '../identity/telegram-identity.issuer.js';
import { lockUser } from '../identity/user.store.js';
import { userPersonalData } from '../personal.data.js';
import { StatusWriter } from '../status/status.writer.js';
import { findDeletion, lockDeletion } from './deletion.store.js';

type Report = PayloadOf<typeof PointsDataErased>;

/** The erasure of an account (U-15), step by step: begun when it is due, its own part last, when every service has reported. */
@Injectable()
export class ErasureSteps {
  constructor(
    private readonly statuses: StatusWriter,
    private readonly identities: TelegramIdentity,
  ) {}

  /** Begins: from here on the account is nobody's, and every service is told. Does nothing when it was restored meanwhile. */
  async begin(context: CommandContext, userId: number): Promise<boolean> {
    const { tx, now } = context;
    const user = await lockUser(tx, userId);
    const deletion = await findDeletion(tx, userId);
    if (deletion?.state !== 'pending' || deletion.due_at > sqlTime(now)) return false;
    await tx.execute("UPDATE deletion_requests SET state = 'erasing' WHERE user_id = ?", [userId]);
    const identity = { identity_hash: this.identities.hashOf(user.telegram_id), erased_at: sqlTime(now) };
    const was_banned = user.status === userStatuses.banned ? 1 : 0;
    await tx.upsert(
      'erased_identities',
      { ...identity, was_banned },
      {
        conflict: ['identity_hash'],
        update: ['was_banned', 'erased_at'],
      },
    );
    await this.statuses.change(context, user, 'erased', 'the grace is over');
    context.emit(ErasureStarted, { user_id: userId }, { user_id: userId, after: { erasure: 'started' } });
    return true;
  }

  /** Keeps a service's report; with the last one this service erases its own part, and only the audit log is left. */
  async report(context: CommandContext, { user_id: userId, service, rows }: Report): Promise<void> {
    const { tx, now } = context;
    const deletion = await lockDeletion(tx, userId);
    if (deletion?.state !== 'erasing') return;
    const row = { user_id: userId, service, row_count: rows, reported_at: sqlTime(now) };
    await tx.upsert('erasure_reports', row, { conflict: ['user_id', 'service'] });
    const reported = await tx.count('erasure_reports WHERE user_id = ?', [userId]);
    if (reported < erasureReports.length) return;
    await this.eraseOwnPart(context, userId);
    await tx.execute("UPDATE deletion_requests SET state = 'erased' WHERE user_id = ?", [userId]);
  }

  private async eraseOwnPart({ tx, now }: CommandContext, userId: number): Promise<void> {
    const user = await tx.one<{ telegram_id: string; email: string | null }>(
      'SELECT telegram_id, email FROM users WHERE id = ?',
      [userId],
    );
    const telegram = user ? [`"telegram_id":"${user.telegram_id}"`] : [];
    await scrubReplies(tx, [...telegram, ...(user?.email ? [user.email] : [])]);
    await erasePersonalData(tx, [...userPersonalData, ...sharedPersonalData], userId, now);
  }
}

/** Hears what the other services have erased. */
@Controller()
export class ErasureReportService {
  constructor(private readonly steps: ErasureSteps) {}

  @HandleEvent(EntitlementDataErased)
  async entitlement(report: PayloadOf<typeof EntitlementDataErased>, context: EventContext): Promise<void> {
    await this.steps.report(context, report);
  }

  @HandleEvent(PointsDataErased)
  async points(report: PayloadOf<typeof PointsDataErased>, context: EventContext): Promise<void> {
    await this.steps.report(context, report);
  }

  @HandleEvent(NotificationDataErased)
  async notification(report: PayloadOf<typeof NotificationDataErased>, context: EventContext): Promise<void> {
    await this.steps.report(context, report);
  }
}
