import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Counter } from 'prom-client';
import { CacheUnavailableError, type Cache } from '#cache';
import { AppError } from '#contracts';
import { InjectCache, InjectSettings, Metrics } from '#service';
import type { GatewaySettings } from '../gateway.env.js';
import { ipLimitKey, unlimitedKey, type IpLimit } from './access.decorator.js';
import { countedAddress } from './client-address.format.js';
import type { EdgeRequest } from './request.call.js';
import { SharedCounter } from './shared.counter.js';

const minuteMs = 60_000;

/** Requests per minute by IP and by member, and endpoints with a limit of their own. Runs after the access guard. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly refused: Counter<'scope'>;
  private readonly perIp: SharedCounter;
  private readonly perUser: SharedCounter;
  private readonly unlimited = new WeakMap<object, boolean>();
  private readonly ipLimits = new WeakMap<object, IpLimit | null>();

  constructor(
    private readonly reflector: Reflector,
    @InjectCache() private readonly cache: Cache,
    @InjectSettings() private readonly settings: GatewaySettings,
    metrics: Metrics,
  ) {
    this.refused = metrics.counter('coser_rate_limited_total', 'Requests refused for coming too often, by scope', [
      'scope',
    ]);
    this.perIp = new SharedCounter(cache, 'ip', settings.RATE_LIMIT_PER_IP_PER_MINUTE, minuteMs);
    this.perUser = new SharedCounter(cache, 'user', settings.RATE_LIMIT_PER_USER_PER_MINUTE, minuteMs);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.isUnlimited(context)) return true;
    const { call } = context.switchToHttp().getRequest<EdgeRequest>();
    const now = Date.now();
    const ip = countedAddress(call.ip ?? 'unknown');
    this.refuseAfter('ip', this.perIp.hit(ip, now));
    if (call.actor.kind === 'user') this.refuseAfter('user', this.perUser.hit(String(call.actor.user_id), now));
    const own = this.ipLimitOf(context);
    if (own) await this.hitOwnLimit(own, ip);
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
      this.refused.labels(own.name).inc();
      const refusal =
        own.setting === 'VERIFICATIONS_PER_IP_PER_HOUR' ? 'verification.too_many_requests' : 'system.rate_limited';
      throw new AppError(refusal, { retry_after_seconds: Math.ceil(retryAfterMs / 1000) });
    } catch (error) {
      // The owner of the use case has limits of its own per member; without the cache those alone hold.
      if (!(error instanceof CacheUnavailableError)) throw error;
    }
  }

  private refuseAfter(scope: string, retryAfterMs: number): void {
    if (retryAfterMs === 0) return;
    this.refused.labels(scope).inc();
    throw new AppError('system.rate_limited', { retry_after_seconds: Math.ceil(retryAfterMs / 1000) });
  }

  private isUnlimited(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    let unlimited = this.unlimited.get(handler);
    if (unlimited === undefined) {
      unlimited = this.reflector.get<boolean | undefined>(unlimitedKey, handler) ?? false;
      this.unlimited.set(handler, unlimited);
    }
    return unlimited;
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
