import { SetMetadata } from '@nestjs/common';

/** Who may call an endpoint. */
export type Access = 'public' | 'member' | 'admin';

export const accessKey = 'access';

export const AllowAccess = (access: Access): MethodDecorator & ClassDecorator => SetMetadata(accessKey, access);

export interface IpLimit {
  readonly name: string;
  readonly setting: 'VERIFICATIONS_PER_IP_PER_HOUR';
  readonly windowMs: number;
}

export const ipLimitKey = 'ip-limit';

/** A limit of its own for one endpoint, per IP, exact over all replicas. */
export const LimitPerIp = (limit: IpLimit): MethodDecorator => SetMetadata(ipLimitKey, limit);

export const unlimitedKey = 'unlimited';

/** For a route with a secret of its own whose callers come from few addresses: Telegram's webhook. */
export const WithoutRateLimit = (): MethodDecorator & ClassDecorator => SetMetadata(unlimitedKey, true);
