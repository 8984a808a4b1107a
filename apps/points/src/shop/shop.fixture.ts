import {
  AddAddress,
  AdjustPoints,
  AppError,
  CreateExchange,
  ErasureStarted,
  GetBalance,
  PointsDataErased,
  PurchaseExchange,
  UserStatusChanged,
} from '#contracts';
import type { InputOf, OutputOf } from '#contracts';
import { eventually } from '#testing';
import { memberCall, ServiceHost } from '#testing/service.host';
import type { DatabaseEngine } from '#testing/engines';
import { registerMembers } from '../ledger/known-member.fixture.js';
import { pointsService } from '../points.module.js';

export const shopAdmin = memberCall(900, 'admin', { stepped_up: true });

/** A shop with its service, and what its tests do again and again. */
export class ShopPlace {
  private running: ServiceHost | null = null;
  private readonly registered = new Set<number>();

  async start(engine: DatabaseEngine, environment: Record<string, string> = {}): Promise<void> {
    const settings = { ADJUST_FOUR_EYES_POINTS: '1000000', ...environment };
    this.running = await ServiceHost.start(pointsService, engine, settings);
  }

  async stop(): Promise<void> {
    await this.running?.stop();
  }

  get host(): ServiceHost {
    if (!this.running) throw new Error('the shop is not open');
    return this.running;
  }

  item(changes: Partial<InputOf<typeof CreateExchange>> = {}): Promise<OutputOf<typeof CreateExchange>> {
    const plain = {
      exchange_type: 'coupon',
      name: { zh: '券', en: 'Coupon', ru: 'Купон' },
      points_required: 10,
    } as const;
    return this.host.client.command(CreateExchange, { ...plain, ...changes }, shopAdmin);
  }

  give(userId: number, points: number): Promise<void> {
    return this.giveEach([userId], points);
  }

  /** To members of whom service `user` told at the latest now. */
  async giveEach(userIds: readonly number[], points: number): Promise<void> {
    const news = userIds.filter((userId) => !this.registered.has(userId));
    if (news.length > 0) await registerMembers(this.host, news);
    for (const userId of news) this.registered.add(userId);
    const give = (userId: number) =>
      this.host.client.command(AdjustPoints, { user_id: userId, points, reason: 'for the test' }, shopAdmin);
    await Promise.all(userIds.map(give));
  }

  buy(
    userId: number,
    exchangeId: number,
    more: Partial<InputOf<typeof PurchaseExchange>> = {},
    idempotencyKey?: string,
  ): Promise<OutputOf<typeof PurchaseExchange>> {
    const wish = { exchange_id: exchangeId, ...more };
    return this.host.client.command(PurchaseExchange, wish, memberCall(userId), { idempotencyKey });
  }

  async balanceOf(userId: number): Promise<number> {
    return (await this.host.client.query(GetBalance, {}, memberCall(userId))).balance;
  }

  address(userId: number, changes: Partial<InputOf<typeof AddAddress>> = {}): Promise<OutputOf<typeof AddAddress>> {
    return this.host.client.command(AddAddress, { ...someAddress, ...changes }, memberCall(userId));
  }

  /** What service `user` tells when a member's data go; resolves when they are gone. */
  async erase(userId: number): Promise<void> {
    await this.host.tell(ErasureStarted, { user_id: userId });
    await this.host.tell(UserStatusChanged, { user_id: userId, status: 'erased', previous: 'active', reason: null });
    await eventually(() => {
      const erased = this.host.payloadsOf(PointsDataErased).some(({ user_id }) => user_id === userId);
      if (!erased) throw new Error(`the data of ${userId} are still there`);
    });
  }

  one<Row>(sql: string, values: readonly (string | number)[] = []): Promise<Row | undefined> {
    return this.host.database.reader.one<Row>(sql, values);
  }
}

export const someAddress = {
  name: 'Мария Петрова',
  phone: '8 912 345-67-89',
  country: 'RU',
  province: 'Свердловская область',
  city: 'Екатеринбург',
  address: 'улица Ленина, 1, кв. 2',
  postal_code: '620014',
} as const;

/** How many of many tries at once succeeded, and with which refusals the others ended. */
export async function outcomes(tries: Promise<unknown>[]): Promise<{ done: number; refusals: Set<string> }> {
  const results = await Promise.allSettled(tries);
  const refusals = results.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    return [result.reason instanceof AppError ? result.reason.errorName : String(result.reason)];
  });
  return { done: results.length - refusals.length, refusals: new Set(refusals) };
}
