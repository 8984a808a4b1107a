import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Cache } from '#cache';
import { InjectCache, InjectSettings } from '#service';
import type { GatewaySettings } from '../gateway.env.js';
import { unlimitedKey } from './access.decorator.js';
import { countedAddress } from './client-address.format.js';
import { RateLimitMetrics } from './rate-limit.metrics.js';
import type { EdgeRequest } from './request.call.js';
import { SharedCounter } from './shared.counter.js';

const minuteMs = 60_000;

/** Requests per minute by address. Runs before the access guard, so that whoever is refused there has been counted. */
@Injectable()
export class AddressLimitGuard implements CanActivate {
  private readonly perAddress: SharedCounter;
  private readonly unlimited = new WeakMap<object, boolean>();

  constructor(
    private readonly reflector: Reflector,
    @InjectCache() cache: Cache,
    @InjectSettings() settings: GatewaySettings,
    private readonly metrics: RateLimitMetrics,
  ) {
    this.perAddress = new SharedCounter(cache, 'ip', settings.RATE_LIMIT_PER_IP_PER_MINUTE, minuteMs);
  }

  canActivate(context: ExecutionContext): boolean {
    if (this.isUnlimited(context)) return true;
    const { call } = context.switchToHttp().getRequest<EdgeRequest>();
    this.metrics.refuseAfter('ip', this.perAddress.hit(countedAddress(call.ip ?? 'unknown'), Date.now()));
    return true;
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
}
