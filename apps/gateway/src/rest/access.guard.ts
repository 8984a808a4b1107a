import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { createVerifier, TokenError } from 'fast-jwt';
import { AppError, roleSchema, standingRefusal, type AccountStanding, type Actor } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../gateway.env.js';
import { ActivityRecorder } from '../activity/activity.worker.js';
import { StandingWatcher } from '../standing/standing.worker.js';
import { accessKey, standingsKey, type Access } from './access.decorator.js';
import { withActor, type EdgeRequest } from './request.call.js';

interface AccessToken {
  readonly sub: string;
  readonly role: string;
}

const tokensKept = 10_000;

/** Believes an access token (one algorithm, issuer, audience) and lets an endpoint's access decide. Without a declared access: members. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly verify: (token: string) => AccessToken;
  private readonly accesses = new WeakMap<object, Access>();
  private readonly openings = new WeakMap<object, readonly AccountStanding[]>();

  constructor(
    private readonly reflector: Reflector,
    private readonly standings: StandingWatcher,
    private readonly activity: ActivityRecorder,
    @InjectSettings() settings: GatewaySettings,
  ) {
    this.verify = createVerifier({
      key: settings.AUTH_SECRET,
      algorithms: ['HS256'],
      allowedIss: 'coser',
      allowedAud: 'coser-member',
      requiredClaims: ['sub', 'exp', 'role'],
      // A token once checked is not hashed again; the cache itself ends an entry with its token.
      cache: tokensKept,
    }) as (token: string) => AccessToken;
  }

  canActivate(context: ExecutionContext): boolean {
    const access = this.accessOf(context);
    const request = context.switchToHttp().getRequest<EdgeRequest>();
    const header = request.headers.authorization;
    if (header !== undefined) request.call = withActor(request.call, this.actorOf(header));
    if (access === 'public') return true;
    const { actor } = request.call;
    if (actor.kind !== 'user') throw new AppError('auth.unauthenticated');
    if (access === 'admin' && actor.role !== 'admin' && actor.role !== 'super_admin')
      throw new AppError('auth.forbidden');
    // A token lives on after a ban (15 minutes); what it opens does not.
    const refusal = standingRefusal(this.standings.of(actor.user_id), this.openingOf(context));
    if (refusal) throw AppError.fromWire({ name: refusal });
    this.activity.saw(actor.user_id);
    return true;
  }

  private actorOf(header: string): Actor {
    const [scheme, token] = header.split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !token) throw new AppError('auth.unauthenticated');
    try {
      const { sub, role } = this.verify(token);
      const userId = Number(sub);
      if (!Number.isSafeInteger(userId) || userId <= 0) throw new AppError('auth.unauthenticated');
      return { kind: 'user', user_id: userId, role: roleSchema.parse(role) };
    } catch (error) {
      if (error instanceof TokenError && error.code === TokenError.codes.expired)
        throw new AppError('auth.token_expired');
      throw new AppError('auth.unauthenticated');
    }
  }

  private openingOf(context: ExecutionContext): readonly AccountStanding[] {
    const handler = context.getHandler();
    let opening = this.openings.get(handler);
    if (opening === undefined) {
      opening = this.reflector.get<readonly AccountStanding[] | undefined>(standingsKey, handler) ?? [];
      this.openings.set(handler, opening);
    }
    return opening;
  }

  private accessOf(context: ExecutionContext): Access {
    const handler = context.getHandler();
    let access = this.accesses.get(handler);
    if (access === undefined) {
      access =
        this.reflector.getAllAndOverride<Access | undefined>(accessKey, [handler, context.getClass()]) ?? 'member';
      this.accesses.set(handler, access);
    }
    return access;
  }
}
