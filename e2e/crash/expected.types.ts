/** One day that counts, as its row must be. */
export interface ExpectedMark {
  /** Null for a day that was made up: its id is answered to nobody. */
  readonly id: number | null;
  readonly day: string;
  readonly isMakeup: boolean;
  /** Of the run it stands in now: a makeup before it makes it longer. */
  readonly streakDays: number;
  /** Of the moment at which it was written. */
  readonly totalDays: number;
  readonly points: number;
}

/** What one command did to the account: its records, and how the account stood afterwards. */
export interface ExpectedPosting {
  readonly records: readonly { readonly points: number; readonly type: number; readonly key: string }[];
  readonly balance: number;
  readonly version: number;
}

/** A check-in as it was when it was made, with the id that the platform gave. */
export interface AcceptedCheckIn {
  readonly id: number;
  readonly day: string;
  readonly streakDays: number;
  readonly totalDays: number;
  readonly bonusPoints: number;
  readonly points: number;
  readonly balance: number;
  readonly makeupCards: number;
}

export interface AcceptedMakeup {
  readonly day: string;
  readonly streakDays: number;
  readonly totalDays: number;
  readonly bonusPoints: number;
  readonly balance: number;
  readonly makeupCards: number;
}

export interface AcceptedOrder {
  readonly id: number;
  readonly itemId: number;
  readonly points: number;
  /** After the purchase. */
  readonly balance: number;
  readonly status: 'completed' | 'paid' | 'cancelled';
}

/** A place in an activity; with the balance after the reward once that was given. */
export interface AcceptedSeat {
  readonly activityId: number;
  readonly rewardedBalance: number | null;
}

export interface ExpectedMember {
  readonly userId: number;
  /** In the order of their days. */
  readonly marks: readonly ExpectedMark[];
  readonly postings: readonly ExpectedPosting[];
  readonly checkIns: readonly AcceptedCheckIn[];
  readonly makeups: readonly AcceptedMakeup[];
  readonly orders: readonly AcceptedOrder[];
  readonly seats: readonly AcceptedSeat[];
  readonly makeupCards: number;
}

/** Something of the shop in a run: sold one at a time, to each member at most once where that is its limit. */
export interface ItemOnSale {
  readonly id: number;
  readonly price: number;
  readonly stock: number;
  readonly isOncePerMember: boolean;
  /** Handed over by somebody, who in a run never comes: until then it can be cancelled. */
  readonly isHandedOver: boolean;
}

/** An activity of a run, whose participants show a code. */
export interface ActivityOnOffer {
  readonly id: number;
  readonly points: number;
  readonly capacity: number;
  readonly code: string;
}

/** What an admin has prepared for a run. */
export interface Offers {
  readonly items: readonly ItemOnSale[];
  readonly activities: readonly ActivityOnOffer[];
}

/** The books of a whole run. */
export interface ExpectedBooks extends Offers {
  readonly members: readonly ExpectedMember[];
  /** Items that were refused as sold out, and activities that were refused as full. */
  readonly soldOut: ReadonlySet<number>;
  readonly full: ReadonlySet<number>;
}
