import { Injectable } from '@nestjs/common';
import type { MiddlewareFn } from 'telegraf';
import type { Cache } from '#cache';
import { AppError, type Profile, type Role } from '#contracts';
import { Texts } from '#i18n';
import { InjectCache, InjectSettings } from '#service';
import { AccessPolicyResolver } from '../../access/access-policy.resolver.js';
import type { GatewaySettings } from '../../gateway.env.js';
import { ActivityRecorder } from '../../activity/activity.worker.js';
import { miniAppUrl } from '../../mini-app/mini-app.rules.js';
import { StandingWatcher } from '../../standing/standing.worker.js';
import type { BotContext } from '../bot.types.js';
import { signForMember } from '../group-button.rules.js';
import { MenuBook } from '../menu.order.js';
import {
  botIdOf,
  groupCommandOf,
  idempotencyKeyOf,
  isFromPerson,
  pressKeyOf,
  requestIdOf,
} from '../telegram/update.rules.js';
import { MemberResolver } from './member.resolver.js';
import { PatientClient } from './patient.client.js';
import { Visit } from './visit.client.js';

const minuteMs = 60_000;

interface Rights {
  readonly role: Role;
  readonly permissions: readonly string[] | null;
}

/**
 * Lets through what a person wants of the bot, and knows who it is. What people say to each other in groups, and what Telegram's
 * stand-in accounts and other bots write, ends here before anybody is asked.
 */
@Injectable()
export class VisitFilter {
  private readonly botId: string;
  private readonly groupSecret: string;
  private readonly miniAppUrl: string | null;

  constructor(
    private readonly members: MemberResolver,
    private readonly client: PatientClient,
    private readonly texts: Texts,
    private readonly menu: MenuBook,
    private readonly policies: AccessPolicyResolver,
    private readonly standings: StandingWatcher,
    private readonly activity: ActivityRecorder,
    @InjectCache() private readonly cache: Cache,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    this.botId = botIdOf(settings.TELEGRAM_BOT_TOKEN ?? '');
    this.groupSecret = settings.AUTH_SECRET;
    this.miniAppUrl = miniAppUrl(settings.PUBLIC_URL, settings.TELEGRAM_API_ROOT);
  }

  readonly middleware: MiddlewareFn<BotContext> = async (context, next) => {
    const { from } = context;
    if (!from || !this.concernsBot(context)) return;
    const updateId = context.update.update_id;
    const requestId = requestIdOf(updateId);
    const idempotencyKey = idempotencyKeyOf(this.botId, updateId);
    if (!(await this.hasTime(from.id))) return;
    const encounter = await this.members.resolve(from, requestId, idempotencyKey);
    const { isFirst } = encounter;
    // A profile may be a minute old; what the account is now is known better.
    const status = this.standings.recent(encounter.profile.id) ?? encounter.profile.status;
    if (status === 'erased') return this.members.forgetForGood(encounter.profile);
    const { role, permissions } = await this.rightsOf(encounter.profile);
    const profile = { ...encounter.profile, status, role };
    const { client, texts, menu, miniAppUrl } = this;
    const pressKey = pressKeyOf(this.botId, context.callbackQuery) ?? idempotencyKey;
    const signFor = (userId: number, data: string): string => signForMember(this.groupSecret, userId, data);
    const parts = { client, texts, menu, requestId, idempotencyKey, pressKey, signFor, miniAppUrl, permissions };
    context.visit = new Visit(parts, profile, isFirst);
    if (profile.status === 'banned') throw new AppError('user.banned');
    if (profile.status === 'active') this.activity.saw(profile.id);
    // Whose deletion is pending comes to the one feature that is for them.
    await next();
  };

  /**
   * Ordinary members may do nothing special, and nobody is asked. For everybody else the policy says what their role is and allows: the
   * profile does not know yet what was taken a moment ago. While it is not to be had, staff may do nothing special either.
   */
  private async rightsOf({ id, role: kept }: Profile): Promise<Rights> {
    if (kept === 'member') return { role: kept, permissions: [] };
    const policy = await this.policies.current().catch(() => null);
    if (policy === null) return { role: kept, permissions: null };
    const role = policy.roles.get(id)?.role ?? kept;
    return { role, permissions: policy.permissions[role] };
  }

  /**
   * Whether the member's share of the minute is not used up. The first message too many is told so; the rest is silence,
   * for an answer to each would be the flood itself.
   */
  private async hasTime(telegramId: number): Promise<boolean> {
    const limit = this.settings.RATE_LIMIT_PER_USER_PER_MINUTE;
    const hit = await this.cache.hit({ key: `bot:visits:${telegramId}`, limit, windowMs: minuteMs }).catch(() => null);
    if (hit === null || hit.allowed) return true;
    const tellNow = await this.cache
      .putIfAbsent(`bot:slow-down:${telegramId}`, 'told', hit.retryAfterMs || minuteMs)
      .catch(() => false);
    if (tellNow)
      throw new AppError('system.rate_limited', { retry_after_seconds: Math.ceil(hit.retryAfterMs / 1_000) });
    return false;
  }

  private concernsBot(context: BotContext): boolean {
    const { message, callbackQuery, inlineQuery } = context;
    if (inlineQuery) return !inlineQuery.from.is_bot;
    if (callbackQuery) return !callbackQuery.from.is_bot;
    if (!message || !isFromPerson({ from: message.from, sender_chat: message.sender_chat })) return false;
    if (message.chat.type === 'private') return true;
    return groupCommandOf('text' in message ? message.text : undefined, context.me, this.menu) !== undefined;
  }
}
