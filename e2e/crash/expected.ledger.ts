import { ExpectedCalendar } from './expected.calendar.js';
import type {
  AcceptedCheckIn,
  AcceptedMakeup,
  AcceptedOrder,
  ActivityOnOffer,
  ExpectedBooks,
  ExpectedMember,
  ExpectedPosting,
  ItemOnSale,
  Offers,
} from './expected.types.js';

/** What the platform answers to a check-in ... */
export interface CheckInAnswer {
  readonly id: number;
  readonly day: string;
  readonly points: number;
  readonly bonuses: readonly { points: number }[];
  readonly streak_days: number;
  readonly total_days: number;
  readonly balance: number;
  readonly makeup_cards: number;
}

/** ... to a makeup ... */
export type MakeupAnswer = Omit<CheckInAnswer, 'id' | 'points'>;

/** ... to an exchange ... */
export interface OrderAnswer {
  readonly id: number;
  readonly exchange_id: number;
  readonly points_cost: number;
  readonly status: string;
  readonly balance: number;
}

/** ... to a cancellation ... */
export type CancellationAnswer = Omit<OrderAnswer, 'balance'>;

/** ... and to a participation shown. */
export interface RewardAnswer {
  readonly activity: { readonly id: number };
  readonly points: number;
  readonly balance: number;
}

const recordTypes = { checkIn: 1, activity: 2, streakBonus: 4, purchase: 6, refund: 7 };

/** One member's books. */
class MemberBooks {
  readonly calendar = new ExpectedCalendar();
  readonly postings: ExpectedPosting[] = [];
  readonly checkIns: AcceptedCheckIn[] = [];
  readonly makeups: AcceptedMakeup[] = [];
  readonly orders: AcceptedOrder[] = [];
  /** The balance after the reward by activity; null while it has not been given. */
  readonly seats = new Map<number, number | null>();

  get balance(): number {
    return this.postings.at(-1)?.balance ?? 0;
  }

  /** Posts what one command posts; nothing is no posting. */
  post(records: ExpectedPosting['records']): number {
    const balance = records.reduce((sum, { points }) => sum + points, this.balance);
    if (records.length > 0) this.postings.push({ records, balance, version: this.postings.length + 1 });
    return balance;
  }
}

/**
 * The test's own books: what every member must have, computed from what was accepted alone and by rules written down a second
 * time (10 points a day, 20 more on every 7th, 100 more on every 30th day of a streak; a card per day made up; the price of what
 * was bought; the points of an activity). Each `accept` writes down, and returns what is wrong with the answer, if anything.
 */
export class ExpectedLedger {
  private readonly members = new Map<number, MemberBooks>();
  private readonly soldOut = new Set<number>();
  private readonly full = new Set<number>();

  constructor(
    userIds: readonly number[],
    private readonly offers: Offers = { items: [], activities: [] },
  ) {
    for (const userId of userIds) this.members.set(userId, new MemberBooks());
  }

  acceptCheckIn(userId: number, day: string, answer: CheckInAnswer): string[] {
    const books = this.of(userId);
    const { streakDays, totalDays, bonuses } = books.calendar.checkIn(answer.id, day);
    const bonusPoints = sumOf(bonuses);
    const balance = books.post([
      { points: 10, type: recordTypes.checkIn, key: `check_in:${userId}:${day}` },
      ...bonuses.map((points, index) => bonusRecord(points, `${userId}:${day}:${index}:${points}`)),
    ]);
    const makeupCards = books.calendar.cards;
    const expected = { day, streakDays, totalDays, bonusPoints, points: 10 + bonusPoints, balance, makeupCards };
    books.checkIns.push({ ...expected, id: answer.id });
    return compared(userId, { ...calendarFacts(answer), points: answer.points }, expected);
  }

  /** The day that this member would make up; null when there is none or no card. */
  missedDay(userId: number, firstDay: string, today: string): string | null {
    return this.of(userId).calendar.missedDay(firstDay, today);
  }

  acceptMakeup(userId: number, day: string, today: string, answer: MakeupAnswer): string[] {
    const books = this.of(userId);
    const { streakDays, totalDays, bonuses } = books.calendar.makeUp(day, today);
    const place = `makeup:${userId}:${day}:${today}:${streakDays}`;
    const balance = books.post(bonuses.map((points, index) => bonusRecord(points, `${place}:${index}:${points}`)));
    const bonusPoints = sumOf(bonuses);
    const expected = { day, streakDays, totalDays, bonusPoints, balance, makeupCards: books.calendar.cards };
    books.makeups.push(expected);
    return compared(userId, calendarFacts(answer), expected);
  }

  /** Whether the platform may sell the item to this member, as far as the member's own books say. */
  canBuy(userId: number, { id, price, isOncePerMember }: ItemOnSale): boolean {
    const { balance, orders } = this.of(userId);
    return balance >= price && !(isOncePerMember && orders.some(({ itemId }) => itemId === id));
  }

  acceptOrder(userId: number, item: ItemOnSale, answer: OrderAnswer): string[] {
    const books = this.of(userId);
    const key = `shop_purchase:${answer.id}`;
    const balance = books.post([{ points: -item.price, type: recordTypes.purchase, key }]);
    const order = { itemId: item.id, points: item.price, status: statusAfterSale(item), balance };
    books.orders.push({ ...order, id: answer.id });
    const { exchange_id: itemId, points_cost: points, status } = answer;
    return compared(userId, { itemId, points, status, balance: answer.balance }, order);
  }

  /** The oldest order of this member that can be cancelled. */
  openOrder(userId: number): AcceptedOrder | undefined {
    return this.of(userId).orders.find(({ status }) => status === 'paid');
  }

  /** What was paid comes back, once. */
  acceptCancellation(userId: number, order: AcceptedOrder, answer: CancellationAnswer): string[] {
    const books = this.of(userId);
    books.post([{ points: order.points, type: recordTypes.refund, key: `shop_refund:${order.id}` }]);
    const cancelled = { ...order, status: 'cancelled' as const };
    books.orders[books.orders.indexOf(order)] = cancelled;
    const { id, exchange_id: itemId, points_cost: points, status } = answer;
    const expected = { id: order.id, itemId: order.itemId, points: order.points, status: cancelled.status };
    return compared(userId, { id, itemId, points, status }, expected);
  }

  refuseAsSoldOut(item: ItemOnSale): void {
    this.soldOut.add(item.id);
  }

  /** Where this member stands in an activity. */
  seatOf(userId: number, { id }: ActivityOnOffer): 'none' | 'taken' | 'rewarded' {
    const reward = this.of(userId).seats.get(id);
    return reward === undefined ? 'none' : reward === null ? 'taken' : 'rewarded';
  }

  acceptSeat(userId: number, { id }: ActivityOnOffer, participation: string | undefined): string[] {
    this.of(userId).seats.set(id, null);
    return compared(userId, { participation }, { participation: 'joined' });
  }

  refuseAsFull(activity: ActivityOnOffer): void {
    this.full.add(activity.id);
  }

  acceptReward(userId: number, { id, points }: ActivityOnOffer, answer: RewardAnswer): string[] {
    const books = this.of(userId);
    const balance = books.post([{ points, type: recordTypes.activity, key: `activity:${id}:${userId}` }]);
    books.seats.set(id, balance);
    const given = { id: answer.activity.id, points: answer.points, balance: answer.balance };
    return compared(userId, given, { id, points, balance });
  }

  books(): ExpectedBooks {
    const members = [...this.members].map(([userId, books]): ExpectedMember => {
      const { calendar, postings, checkIns, makeups, orders, seats } = books;
      const all = { userId, marks: calendar.marks(), makeupCards: calendar.cards, postings, checkIns, makeups, orders };
      return {
        ...all,
        seats: [...seats].map(([activityId, rewardedBalance]) => ({ activityId, rewardedBalance })),
      };
    });
    return { ...this.offers, members, soldOut: this.soldOut, full: this.full };
  }

  private of(userId: number): MemberBooks {
    const books = this.members.get(userId);
    if (!books) throw new Error(`user ${userId} is not in the model`);
    return books;
  }
}

function statusAfterSale({ isHandedOver }: ItemOnSale): AcceptedOrder['status'] {
  return isHandedOver ? 'paid' : 'completed';
}

function bonusRecord(points: number, place: string): ExpectedPosting['records'][number] {
  return { points, type: recordTypes.streakBonus, key: `streak_bonus:${place}` };
}

function calendarFacts(answer: MakeupAnswer): Record<string, unknown> {
  return {
    day: answer.day,
    streakDays: answer.streak_days,
    totalDays: answer.total_days,
    bonusPoints: sumOf(answer.bonuses.map(({ points }) => points)),
    balance: answer.balance,
    makeupCards: answer.makeup_cards,
  };
}

function compared(userId: number, given: Record<string, unknown>, expected: Record<string, unknown>): string[] {
  const [is, must] = [given, expected].map((facts) => JSON.stringify(Object.entries(facts).sort()));
  return is === must ? [] : [`answer: user ${userId} got ${is} instead of ${must}`];
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
