import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  AppError,
  standingRefusal,
  type AccountStanding,
  type Actor,
  type PermissionName,
  type Role,
} from '#contracts';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings } from '#service';
import { AccessPolicyResolver, type KeptPolicy } from '../access/access-policy.resolver.js';
import type { GatewaySettings } from '../gateway.env.js';
import { ActivityRecorder } from '../activity/activity.worker.js';
import { StandingWatcher } from '../standing/standing.worker.js';
import { accessKey, standingsKey, stepUpKey, type Access } from './access.decorator.js';
import { AccessTokenInspector, type TokenFacts } from './access-token.inspector.js';
import { withActor, type EdgeRequest } from './request.call.js';

type UserActor = Extract<Actor, { kind: 'user' }>;

interface Demand {
  readonly access: Access;
  readonly stepUp: boolean;
  /** Standings besides active whose members may call. */
  readonly standings: readonly AccountStanding[];
}

const ordinaryRoles: readonly Role[] = ['member', 'vip'];

/**
 * Believes an access token and lets an endpoint's access decide (U-13). Without a declared access: members. For ordinary members
 * the token is enough; for everyone else, and wherever a permission is asked for, the policy says what the role may do now.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly tokens: AccessTokenInspector;
  private readonly demands = new WeakMap<object, Demand>();

  constructor(
    private readonly reflector: Reflector,
    private readonly policies: AccessPolicyResolver,
    private readonly standings: StandingWatcher,
    private readonly activity: ActivityRecorder,
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() settings: GatewaySettings,
  ) {
    this.tokens = new AccessTokenInspector(settings.AUTH_SECRET);
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const demand = this.demandOf(context);
    const request = context.switchToHttp().getRequest<EdgeRequest>();
    const header = request.headers.authorization;
    if (header === undefined) {
      if (demand.access === 'public') return true;
      throw new AppError('auth.unauthenticated');
    }
    const facts = this.tokens.factsOf(header);
    const isOrdinary = ordinaryRoles.includes(facts.role);
    if (typeof demand.access === 'object' || !isOrdinary) return this.admitByPolicy(request, facts, demand);
    this.admit(request, this.actorOf(facts), demand);
    return true;
  }

  private async admitByPolicy(request: EdgeRequest, facts: TokenFacts, demand: Demand): Promise<boolean> {
    const wanted = typeof demand.access === 'object' ? demand.access.permission : undefined;
    if (wanted === undefined) {
      // What every member may do, staff may do without the policy too; they have no permission meanwhile.
      this.admit(request, this.actorBy(await this.policies.current().catch(() => null), facts), demand);
      return true;
    }
    let actor = this.actorBy(await this.policies.current(), facts);
    // What was given a moment ago holds at once: nobody is refused by an old policy.
    if (!mayDo(actor, wanted)) actor = this.actorBy(await this.policies.newest(), facts);
    if (!mayDo(actor, wanted)) throw new AppError('auth.forbidden');
    this.admit(request, actor, demand);
    return true;
  }

  /** @throws AppError auth.unauthenticated when the session has ended. */
  private actorBy(policy: KeptPolicy | null, facts: TokenFacts): UserActor {
    if (policy && facts.sessionId !== undefined && policy.endedSessions.has(facts.sessionId))
      throw new AppError('auth.unauthenticated');
    const change = policy?.roles.get(facts.userId);
    const role = change && facts.issuedAtMs < change.changedAtMs ? change.role : facts.role;
    const permissions = policy?.permissions[role] ?? [];
    return { ...this.actorOf(facts), role, ...(permissions.length > 0 && { permissions }) };
  }

  /** A token lives on after a ban (15 minutes); what it opens does not. */
  private admit(request: EdgeRequest, actor: UserActor, { access, stepUp, standings }: Demand): void {
    request.call = withActor(request.call, actor);
    if (access === 'public') return;
    const refusal = standingRefusal(this.standings.of(actor.user_id), standings);
    if (refusal) throw AppError.fromWire({ name: refusal });
    if (stepUp && actor.stepped_up !== true) throw new AppError('auth.step_up_required');
    this.activity.saw(actor.user_id);
  }

  private actorOf({ userId, role, sessionId, steppedUpUntilMs }: TokenFacts): UserActor {
    const isSteppedUp = steppedUpUntilMs > 0 && steppedUpUntilMs > this.clock.now().getTime();
    return {
      kind: 'user',
      user_id: userId,
      role,
      ...(sessionId !== undefined && { session_id: sessionId }),
      ...(isSteppedUp && { stepped_up: true }),
    };
  }

  private demandOf(context: ExecutionContext): Demand {
    const handler = context.getHandler();
    let demand = this.demands.get(handler);
    if (demand === undefined) {
      const places = [handler, context.getClass()];
      demand = {
        access: this.reflector.getAllAndOverride<Access | undefined>(accessKey, places) ?? 'member',
        stepUp: this.reflector.get<boolean | undefined>(stepUpKey, handler) ?? false,
        standings: this.reflector.get<readonly AccountStanding[] | undefined>(standingsKey, handler) ?? [],
      };
      this.demands.set(handler, demand);
    }
    return demand;
  }
}

function mayDo({ permissions }: UserActor, wanted: PermissionName): boolean {
  return permissions?.includes(wanted) ?? false;
}
