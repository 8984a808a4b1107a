import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { CacheUnavailableError, type Cache } from '#cache';
import { InjectCache, InjectSettings } from '#service';
import type { GatewaySettings } from '../gateway.env.js';
import { ipLimitKey, type IpLimit } from './access.decorator.js';
import { countedAddress } from './client-address.format.js';
import { RateLimitMetrics } from './rate-limit.metrics.js';
import type { EdgeRequest } from './request.call.js';
import { SharedCounter } from './shared.counter.js';

const minuteMs = 60_000;

/** Requests per minute by member, and endpoints with a limit of their own. Runs after the access guard. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly perUser: SharedCounter;
  private readonly ipLimits = new WeakMap<object, IpLimit | null>();

  constructor(
    private readonly reflector: Reflector,
    @InjectCache() private readonly cache: Cache,
    @InjectSettings() private readonly settings: GatewaySettings,
    private readonly metrics: RateLimitMetrics,
  ) {
    this.perUser = new SharedCounter(cache, 'user', settings.RATE_LIMIT_PER_USER_PER_MINUTE, minuteMs);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { call } = context.switchToHttp().getRequest<EdgeRequest>();
    if (call.actor.kind === 'user')
      this.metrics.refuseAfter('user', this.perUser.hit(String(call.actor.user_id), Date.now()));
    const own = this.ipLimitOf(context);
    if (own) await this.hitOwnLimit(own, countedAddress(call.ip ?? 'unknown'));
    return true;
  }

  private async hitOwnLimit(own: IpLimit, ip: string): Promise<void> {
    try {
      const limit = this.settings[own.setting];
      const { allowed, retryAfterMs } = await this.cache.hit({
        key: `limit:${own.name}:${ip}`,
        limit,
        windowMs: own.windowMs,
      });
      if (allowed) return;
      const refusal =
        own.setting === 'VERIFICATIONS_PER_IP_PER_HOUR' ? 'verification.too_many_requests' : 'system.rate_limited';
      this.metrics.refuseAfter(own.name, Math.max(1, retryAfterMs), refusal);
    } catch (error) {
      // The owner of the use case has limits of its own per member; without the cache those alone hold.
      if (!(error instanceof CacheUnavailableError)) throw error;
    }
  }

  private ipLimitOf(context: ExecutionContext): IpLimit | null {
    const handler = context.getHandler();
    let limit = this.ipLimits.get(handler);
    if (limit === undefined) {
      limit = this.reflector.get<IpLimit | undefined>(ipLimitKey, handler) ?? null;
      this.ipLimits.set(handler, limit);
    }
    return limit;
  }
}
