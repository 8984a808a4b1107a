/** What a request of a kind is: its share of the mix is how often it stands in `LoadPlan.pattern`. */
export type RequestKind = 'balance' | 'today' | 'records' | 'check_in' | 'raw';

/** One run of the load process; sent to it as JSON. */
export interface LoadPlan {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Set: a constant arrival rate. Unset: as many as the connections carry. */
  readonly ratePerSecond?: number;
  /** Repeated over and over, so that the shares are exact. */
  readonly pattern: readonly RequestKind[];
  /** Reads are spread over the users 1 to `readers`, the first ones far more often (Zipf). */
  readonly readers: number;
  /** Each check-in takes the next user, from here on; at most `freshUsers`. */
  readonly firstFreshUser: number;
  readonly freshUsers: number;
  readonly seed: number;
}

/** Reads 80 %, check-ins 20 %. */
export const mixedPattern: readonly RequestKind[] = [
  'balance',
  'check_in',
  'balance',
  'today',
  'balance',
  'balance',
  'check_in',
  'balance',
  'records',
  'balance',
];
