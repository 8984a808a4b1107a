import { Module } from '@nestjs/common';
import { TextsModule } from '#i18n';
import { ExportNotificationData, NotificationDataErased } from '#contracts';
import { dataArchiveOf, dataErasureOf, StandingService, type ServiceDefinition } from '#service';
import { ActivityNewsService } from './activity-news/activity-news.service.js';
import { ContactReachService } from './contacts/contact-reach.service.js';
import { ContactEntity } from './contacts/contact.entity.js';
import { ContactService } from './contacts/contact.service.js';
import { DeliveryQueryService } from './deliveries/delivery-query.service.js';
import { DeliveryEntity } from './deliveries/delivery.entity.js';
import { DeliveryWriter } from './deliveries/delivery.writer.js';
import { MainJobService } from './main-job/main-job.service.js';
import { RankNewsService } from './main-job/rank-news.service.js';
import { MembershipNewsService } from './main-job/membership-news.service.js';
import { PointsNewsService } from './main-job/points-news.service.js';
import { ContactsAndDeliveries1700000000100 } from './migrations/1700000000100-contacts-and-deliveries.js';
import { notificationPersonalData } from './personal.data.js';
import { AccountNewsService } from './main-job/account-news.service.js';
import { MailOutboxEraser } from './sender/mail-outbox-eraser.service.js';
import { readNotificationSettings, type NotificationSettings } from './notification.env.js';
import { DeliveryAttempt } from './sender/delivery-attempt.worker.js';
import { DeliveryClaimService } from './sender/delivery-claim.service.js';
import { DeliverySender } from './sender/delivery.sender.js';
import { MailTextFormat } from './sender/mail-text.format.js';
import { MailSender } from './sender/mail.sender.js';
import { SettlementWriter } from './sender/settlement.writer.js';
import { TelegramTextFormat } from './sender/telegram-text.format.js';
import { TelegramPacer } from './sender/telegram.pacer.js';
import { TelegramSender } from './sender/telegram.sender.js';

export { readMailOutbox, type OutboxMail } from './sender/mail-outbox.client.js';

/** The service `notification`: events become deliveries, deliveries become messages. */
@Module({
  imports: [TextsModule],
  controllers: [
    ContactService,
    DeliveryQueryService,
    MainJobService,
    MembershipNewsService,
    AccountNewsService,
    PointsNewsService,
    RankNewsService,
    ActivityNewsService,
    StandingService,
    // Before the rows go that say to which addresses mails went.
    MailOutboxEraser,
    dataArchiveOf(ExportNotificationData, notificationPersonalData),
    dataErasureOf(NotificationDataErased, notificationPersonalData),
  ],
  providers: [
    ContactReachService,
    DeliveryAttempt,
    DeliveryClaimService,
    SettlementWriter,
    DeliverySender,
    DeliveryWriter,
    MailSender,
    MailTextFormat,
    TelegramPacer,
    TelegramSender,
    TelegramTextFormat,
  ],
})
export class NotificationModule {}

export const notificationService: ServiceDefinition<NotificationSettings> = {
  name: 'notification',
  module: NotificationModule,
  readSettings: readNotificationSettings,
  tables: { entities: [ContactEntity, DeliveryEntity], migrations: [ContactsAndDeliveries1700000000100] },
  eventQueue: 'events.notification',
  personalData: notificationPersonalData,
  operationsPort: (settings) => settings.NOTIFICATION_METRICS_PORT,
};
