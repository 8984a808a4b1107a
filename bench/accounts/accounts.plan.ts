/** How long, and how much; `quick` is for a look, `accounts` for figures that are written down. */
export interface AccountsPlan {
  readonly mode: 'accounts' | 'accounts-quick';
  readonly seconds: number;
  readonly rounds: number;
  /** Events that are posted to the hot account in a round. */
  readonly events: number;
  /** Accounts over which the same commands are spread, to see what the heat costs. */
  readonly spread: number;
}

export const standardAccountsPlan: AccountsPlan = {
  mode: 'accounts',
  seconds: 10,
  rounds: 3,
  events: 30_000,
  spread: 1_000,
};

export const quickAccountsPlan: AccountsPlan = {
  mode: 'accounts-quick',
  seconds: 4,
  rounds: 1,
  events: 5_000,
  spread: 200,
};

/** What is promised (issue 4): postings a second to one account. */
export const accountsTargets = { postingsPerSecond: 1_000 } as const;

/** Commands in flight, and connections of the raw statements. */
export const commandsInFlight = 32;
export const rawConnections = 10;
