import type { Answer } from '../platform/index.js';
import type { PlannedAct, Wish } from './crash.plan.js';
import type {
  CancellationAnswer,
  CheckInAnswer,
  ExpectedLedger,
  MakeupAnswer,
  OrderAnswer,
  RewardAnswer,
} from './expected.ledger.js';
import type { AcceptedOrder, ActivityOnOffer, ItemOnSale, Offers } from './expected.types.js';

/** One command of a member, and what the model says of its answers. */
export interface Act {
  readonly what: 'check_ins' | 'makeups' | 'purchases' | 'cancellations' | 'seats' | 'rewards';
  readonly key: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
  /** Writes what was accepted into the model; returns what is wrong with the answer. */
  accept(data: unknown): string[];
  /** The code of the one refusal that is right too, because others were faster; and what it tells the model. */
  readonly refusal?: { readonly code: number; note(): void };
  /** A code of these is what the same wish gets under another key; none where it would be another purchase. */
  readonly codesAgain: readonly number[];
}

/** Only refusals that stay true are provoked: a copy of the request may come late. */
const codes = {
  alreadyCheckedIn: 20_401,
  dayAlreadyCounts: 20_405,
  outOfStock: 20_522,
  limitReached: 20_523,
  stepRefused: 20_528,
  activityFull: 20_575,
  alreadyJoined: 20_576,
  alreadyCompleted: 20_580,
};

interface Visit {
  readonly wish: Wish;
  readonly userId: number;
  /** The first day of the run, and that of the visit. */
  readonly firstDay: string;
  readonly today: string;
}

/** Makes a visit's wishes into commands that the platform can accept, as far as the member's own books say. */
export class VisitActs {
  constructor(
    private readonly ledger: ExpectedLedger,
    private readonly offers: Offers,
  ) {}

  checkIn({ wish, userId, today }: Visit): Act {
    return {
      what: 'check_ins',
      key: `check-in-${wish.member}-${wish.day}`,
      path: '/v1/check-ins',
      body: {},
      accept: (data) => this.ledger.acceptCheckIn(userId, today, data as CheckInAnswer),
      codesAgain: [codes.alreadyCheckedIn],
    };
  }

  /** Null when this member cannot have it now: no missed day, too few points, no further step in the activity. */
  further(visit: Visit, planned: PlannedAct): Act | null {
    switch (planned.kind) {
      case 'makeup':
        return this.makeup(visit);
      case 'purchase':
        return this.purchase(visit, this.offers.items[planned.choice] as ItemOnSale);
      case 'reservation':
        return this.reservation(visit);
      case 'activity':
        return this.participation(visit, this.offers.activities[planned.choice] as ActivityOnOffer);
    }
  }

  private makeup({ wish, userId, firstDay, today }: Visit): Act | null {
    const day = this.ledger.missedDay(userId, firstDay, today);
    if (day === null) return null;
    return {
      what: 'makeups',
      key: `makeup-${wish.member}-${wish.day}`,
      path: '/v1/check-ins/makeups',
      body: { day },
      accept: (data) => this.ledger.acceptMakeup(userId, day, today, data as MakeupAnswer),
      codesAgain: [codes.dayAlreadyCounts],
    };
  }

  /** First what is handed over by hand; on a later visit it is cancelled. */
  private reservation(visit: Visit): Act | null {
    const open = this.ledger.openOrder(visit.userId);
    if (open) return this.cancellation(visit, open);
    const item = this.offers.items.find(({ isHandedOver }) => isHandedOver);
    return item ? this.purchase(visit, item) : null;
  }

  private cancellation({ wish, userId }: Visit, order: AcceptedOrder): Act {
    return {
      what: 'cancellations',
      key: `cancel-${wish.member}-${wish.day}`,
      path: `/v1/points/exchange-orders/${order.id}/cancellations`,
      body: {},
      accept: (data) => this.ledger.acceptCancellation(userId, order, data as CancellationAnswer),
      codesAgain: [codes.stepRefused],
    };
  }

  private purchase({ wish, userId }: Visit, item: ItemOnSale): Act | null {
    if (!this.ledger.canBuy(userId, item)) return null;
    return {
      what: 'purchases',
      key: `purchase-${item.id}-${wish.member}-${wish.day}`,
      path: '/v1/points/exchange',
      body: { exchange_id: item.id, quantity: 1 },
      accept: (data) => this.ledger.acceptOrder(userId, item, data as OrderAnswer),
      refusal: { code: codes.outOfStock, note: () => this.ledger.refuseAsSoldOut(item) },
      codesAgain: item.isOncePerMember ? [codes.limitReached, codes.outOfStock] : [],
    };
  }

  /** First a place; on a later visit the code, for the reward. */
  private participation({ wish, userId }: Visit, activity: ActivityOnOffer): Act | null {
    const path = `/v1/activities/${activity.id}`;
    switch (this.ledger.seatOf(userId, activity)) {
      case 'none':
        return {
          what: 'seats',
          key: `join-${wish.member}-${wish.day}`,
          path: `${path}/participation`,
          body: {},
          accept: (data) => this.ledger.acceptSeat(userId, activity, statusIn(data)),
          refusal: { code: codes.activityFull, note: () => this.ledger.refuseAsFull(activity) },
          codesAgain: [codes.alreadyJoined],
        };
      case 'taken':
        return {
          what: 'rewards',
          key: `complete-${wish.member}-${wish.day}`,
          path: `${path}/completion`,
          body: { code: activity.code },
          accept: (data) => this.ledger.acceptReward(userId, activity, data as RewardAnswer),
          codesAgain: [codes.alreadyCompleted],
        };
      case 'rewarded':
        return null;
    }
  }
}

/** Whether an answer accepts the command. */
export function isAccepted({ status, code }: Answer): boolean {
  return status === 201 && code === 0;
}

function statusIn(data: unknown): string | undefined {
  return (data as { participation: { status: string } | null }).participation?.status;
}
