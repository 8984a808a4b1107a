import { Module } from '@nestjs/common';
import { TextsModule } from '#i18n';
import { ExportNotificationData, NotificationDataErased } from '#contracts';
import { dataArchiveOf, dataErasureOf, StandingService, type ServiceDefinition } from '#service';
import { ActivityNewsService } from './activity-news/activity-news.service.js';
import { BroadcastQueryService } from './broadcasts/broadcast-query.service.js';
import { BroadcastWritingWorker } from './broadcasts/broadcast-writing.worker.js';
import { BroadcastEntity, ContactGroupEntity } from './broadcasts/broadcast.entity.js';
import { BroadcastService } from './broadcasts/broadcast.service.js';
import { BroadcastWriter } from './broadcasts/broadcast.writer.js';
import { ContactFactsService } from './broadcasts/contact-facts.service.js';
import { ContactReachService } from './contacts/contact-reach.service.js';
import { ContactEntity } from './contacts/contact.entity.js';
import { ContactService } from './contacts/contact.service.js';
import { ReachService } from './contacts/reach.service.js';
import { DeliveryQueryService } from './deliveries/delivery-query.service.js';
import { DeliveryEntity } from './deliveries/delivery.entity.js';
import { DeliveryWriter } from './deliveries/delivery.writer.js';
import { LogLineEntity } from './log-topic/log-line.entity.js';
import { LogLineFormat } from './log-topic/log-line.format.js';
import { LogLineWriter } from './log-topic/log-line.writer.js';
import { LogTopicSender } from './log-topic/log-topic.sender.js';
import { LogTopicService } from './log-topic/log-topic.service.js';
import { SecurityNewsService } from './main-job/security-news.service.js';
import { MainJobService } from './main-job/main-job.service.js';
import { RankNewsService } from './main-job/rank-news.service.js';
import { MembershipNewsService } from './main-job/membership-news.service.js';
import { PointsNewsService } from './main-job/points-news.service.js';
import { AlarmNewsService } from './main-job/alarm-news.service.js';
import { VerificationCodesService } from './main-job/verification-codes.service.js';
import { ContactsAndDeliveries1700000000100 } from './migrations/1700000000100-contacts-and-deliveries.js';
import { ContactRoles1700000001640 } from './migrations/1700000001640-contact-roles.js';
import { notificationPersonalData } from './personal.data.js';
import { AccountNewsService } from './main-job/account-news.service.js';
import { OutboxEraser } from './sender/outbox-eraser.service.js';
import { BroadcastsAndLogTopic1700000001250 } from './migrations/1700000001250-broadcasts-and-log-topic.js';
import { ReminderPreferences1700000002310 } from './migrations/1700000002310-reminder-preferences.js';
import { ReminderNewsService } from './reminders/reminder-news.service.js';
import { ReminderPreferenceService } from './reminders/reminder-preference.service.js';
import { readNotificationSettings, type NotificationSettings } from './notification.env.js';
import { DeliveryAttempt } from './sender/delivery-attempt.worker.js';
import { DeliveryClaimService } from './sender/delivery-claim.service.js';
import { DeliverySender } from './sender/delivery.sender.js';
import { MailTextFormat } from './sender/mail-text.format.js';
import { MailSender } from './sender/mail.sender.js';
import { SettlementWriter } from './sender/settlement.writer.js';
import { TelegramChatEntity } from './sender/telegram-chat.entity.js';
import { SmsSender } from './sender/sms.sender.js';
import { TelegramTextFormat } from './sender/telegram-text.format.js';
import { TelegramPacer } from './sender/telegram.pacer.js';
import { TelegramPauses } from './sender/telegram-pauses.store.js';
import { TelegramSender } from './sender/telegram.sender.js';

export { readMailOutbox, type OutboxMail } from './sender/mail-outbox.client.js';
export { readSmsOutbox, type OutboxSms } from './sender/sms-outbox.client.js';

/** The service `notification`: events become deliveries, deliveries become messages. */
@Module({
  imports: [TextsModule],
  controllers: [
    ContactService,
    ReachService,
    ContactFactsService,
    BroadcastService,
    BroadcastQueryService,
    LogTopicService,
    DeliveryQueryService,
    MainJobService,
    MembershipNewsService,
    ReminderPreferenceService,
    ReminderNewsService,
    SecurityNewsService,
    VerificationCodesService,
    AccountNewsService,
    PointsNewsService,
    AlarmNewsService,
    RankNewsService,
    ActivityNewsService,
    StandingService,
    // Before the rows go that say to which addresses mails went.
    OutboxEraser,
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
    SmsSender,
    TelegramPacer,
    TelegramSender,
    TelegramTextFormat,
    BroadcastWriter,
    BroadcastWritingWorker,
    TelegramPauses,
    LogLineWriter,
    LogLineFormat,
    LogTopicSender,
  ],
})
export class NotificationModule {}

export const notificationService: ServiceDefinition<NotificationSettings> = {
  name: 'notification',
  module: NotificationModule,
  readSettings: readNotificationSettings,
  tables: {
    entities: [ContactEntity, DeliveryEntity, BroadcastEntity, ContactGroupEntity, TelegramChatEntity, LogLineEntity],
    migrations: [
      ContactsAndDeliveries1700000000100,
      BroadcastsAndLogTopic1700000001250,
      ContactRoles1700000001640,
      ReminderPreferences1700000002310,
    ],
  },
  eventQueue: 'events.notification',
  personalData: notificationPersonalData,
  operationsPort: (settings) => settings.NOTIFICATION_METRICS_PORT,
};
