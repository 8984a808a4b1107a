import { Module } from '@nestjs/common';
import { TextsModule } from '#i18n';
import { AccessModule } from '../access/access.module.js';
import { PrivacyModule } from '../privacy/privacy.module.js';
import { StandingModule } from '../standing/standing.module.js';
import { withMember, withoutMember } from './bot.order.js';
import type { BotFeature } from './bot.types.js';
import { MenuBook } from './menu.order.js';
import { ConversationStore } from './member/conversation.store.js';
import { MemberResolver } from './member/member.resolver.js';
import { PatientClient } from './member/patient.client.js';
import { VisitFilter } from './member/visit.filter.js';
import { GroupCheckWorker } from './roster/group-check.worker.js';
import { GroupFateRecorder } from './roster/group-fate.recorder.js';
import { RosterSweepWorker } from './roster/roster-sweep.worker.js';
import { SweepTurnStore } from './roster/sweep-turn.store.js';
import { RosterRecorder } from './roster/roster.recorder.js';
import { TelegramWebhookController } from './telegram.webhook.controller.js';
import { BotListener } from './telegram/bot.listener.js';
import { BotProfileWorker } from './telegram/bot-profile.worker.js';
import { PollingSource } from './telegram/polling.source.js';
import { RefusalFilter } from './telegram/refusal.filter.js';
import { featuresToken, TelegramBot, type FeatureList } from './telegram/telegram-bot.client.js';
import { UpdateWorker } from './telegram/update.worker.js';
import { WebhookSource } from './telegram/webhook.source.js';

/** The Telegram bot (B-01..B-03): updates become commands and queries, their answers become texts. */
@Module({
  imports: [TextsModule, AccessModule, StandingModule, PrivacyModule],
  controllers: [TelegramWebhookController],
  providers: [
    ...withoutMember,
    ...withMember,
    {
      provide: featuresToken,
      useFactory: (...features: BotFeature[]): FeatureList => ({
        withoutMember: features.slice(0, withoutMember.length),
        withMember: features.slice(withoutMember.length),
      }),
      inject: [...withoutMember, ...withMember],
    },
    { provide: MenuBook, useValue: new MenuBook(withMember) },
    PatientClient,
    MemberResolver,
    ConversationStore,
    VisitFilter,
    RefusalFilter,
    RosterRecorder,
    GroupFateRecorder,
    GroupCheckWorker,
    SweepTurnStore,
    RosterSweepWorker,
    TelegramBot,
    UpdateWorker,
    PollingSource,
    WebhookSource,
    BotProfileWorker,
    BotListener,
  ],
  exports: [SweepTurnStore],
})
export class BotModule {}
