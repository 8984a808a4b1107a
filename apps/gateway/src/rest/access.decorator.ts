import { SetMetadata } from '@nestjs/common';
import type { AccountStanding, PermissionName } from '#contracts';

/** Who may call an endpoint (U-13): anybody, whoever is signed in, or whose role has a permission. */
export type Access = 'public' | 'member' | { readonly permission: PermissionName };

export const accessKey = 'access';
export const stepUpKey = 'step-up';

/** Whoever calls it must have confirmed within the last minutes that it is them (U-13). */
export const NeedsStepUp = (): MethodDecorator => SetMetadata(stepUpKey, true);

export const AllowAccess = (access: Access): MethodDecorator & ClassDecorator => SetMetadata(accessKey, access);

export const standingsKey = 'standings';

/** Standings besides active whose members may call an endpoint (U-01). `Endpoint` takes them from its contract. */
export const AllowStandings = (standings: readonly AccountStanding[]): MethodDecorator & ClassDecorator =>
  SetMetadata(standingsKey, standings);

export interface IpLimit {
  readonly name: string;
  readonly setting: 'VERIFICATIONS_PER_IP_PER_HOUR' | 'CONSOLE_LOGINS_PER_IP_PER_HOUR';
  readonly windowMs: number;
}

export const ipLimitKey = 'ip-limit';

/** A limit of its own for one endpoint, per IP, exact over all replicas. */
export const LimitPerIp = (limit: IpLimit): MethodDecorator => SetMetadata(ipLimitKey, limit);

export const unlimitedKey = 'unlimited';

/** For a route with a secret of its own whose callers come from few addresses: Telegram's webhook. */
export const WithoutRateLimit = (): MethodDecorator & ClassDecorator => SetMetadata(unlimitedKey, true);
