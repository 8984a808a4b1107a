import { Inject, Injectable } from '@nestjs/common';
import { Telegraf, type MiddlewareFn } from 'telegraf';
import type { Update } from 'telegraf/types';
import { InjectLogger, InjectSettings, type Logger } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { VisitFilter } from '../member/visit.filter.js';
import { RefusalFilter } from './refusal.filter.js';
import { limitCalls, makePatient } from './telegram.client.js';
import { botIdOf } from './update.rules.js';

/** The features in the order of `bot.order.ts`. */
export interface FeatureList {
  readonly withoutMember: readonly BotFeature[];
  readonly withMember: readonly BotFeature[];
}
export const featuresToken = Symbol('bot features');

/** The bot: telegraf with the features in their order. Off without a token. */
@Injectable()
export class TelegramBot {
  readonly telegraf: Telegraf<BotContext> | null;
  /** The part of the token that is no secret. */
  readonly id: string;

  constructor(
    @Inject(featuresToken) features: FeatureList,
    refusals: RefusalFilter,
    visits: VisitFilter,
    @InjectSettings() settings: GatewaySettings,
    @InjectLogger() private readonly logger: Logger,
  ) {
    const token = settings.TELEGRAM_BOT_TOKEN;
    this.id = botIdOf(token ?? '');
    this.telegraf = token
      ? this.build(token, settings.TELEGRAM_API_ROOT, features, [refusals.middleware, visits.middleware])
      : null;
  }

  /** Whether it knows its own name: before, no command can be understood. */
  get isReady(): boolean {
    return this.telegraf?.botInfo !== undefined;
  }

  /** Rejects only for a bug outside the features. */
  async handle(update: Update): Promise<void> {
    await this.telegraf?.handleUpdate(update);
  }

  private build(
    token: string,
    apiRoot: string,
    features: FeatureList,
    [refusals, visits]: [MiddlewareFn<BotContext>, MiddlewareFn<BotContext>],
  ): Telegraf<BotContext> {
    const telegraf = new Telegraf<BotContext>(token, {
      telegram: { apiRoot, webhookReply: false },
      handlerTimeout: 80_000,
    });
    limitCalls(telegraf.telegram);
    telegraf.catch((error, { updateType }) => {
      this.logger.error({ error, update_type: updateType }, 'an update was not handled in time');
    });
    telegraf.use(async (context, next) => {
      makePatient(context.telegram);
      await next();
    });
    telegraf.use(refusals);
    telegraf.use(...features.withoutMember.map(({ composer }) => composer));
    telegraf.use(visits);
    telegraf.use(...features.withMember.map(({ composer }) => composer));
    return telegraf;
  }
}
