import { Injectable, SetMetadata, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { map, type Observable } from 'rxjs';
import { envelopeOf } from './envelope.format.js';
import type { EdgeRequest } from './request.call.js';

const plainKey = 'plain';

/** For answers that are no JSON of ours: pages, metrics, Telegram's webhook. */
export const PlainAnswer = (): MethodDecorator & ClassDecorator => SetMetadata(plainKey, true);

/** Puts what an endpoint returns into the envelope. */
@Injectable()
export class EnvelopeInterceptor implements NestInterceptor {
  private readonly plain = new WeakMap<object, boolean>();

  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (this.isPlain(context)) return next.handle();
    const { call } = context.switchToHttp().getRequest<EdgeRequest>();
    return next.handle().pipe(map((data) => envelopeOf(0, 'success', data ?? null, call.request_id)));
  }

  private isPlain(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    let plain = this.plain.get(handler);
    if (plain === undefined) {
      plain = this.reflector.getAllAndOverride<boolean | undefined>(plainKey, [handler, context.getClass()]) ?? false;
      this.plain.set(handler, plain);
    }
    return plain;
  }
}
