import { ApiFailure, forbidden, serverError, tooManyRequests, upgraded } from './api.failure.js';

/** What goes wrong with the next matching calls. */
export type InjectedFault = {
  /** Default: any method but getUpdates. */
  method?: string;
  /** Default: any chat. */
  chatId?: number;
  /** How many calls are hit. Default 1. */
  times?: number;
  /** Carry the call out first and lose only its answer: the caller cannot know that it worked. Default false. */
  afterEffect?: boolean;
} & (
  | { kind: 'rate_limited'; retryAfter: number }
  | { kind: 'migrated'; migrateToChatId: number }
  | { kind: 'blocked' }
  | { kind: 'server_error' }
  | { kind: 'disconnect' }
  | { kind: 'failure'; errorCode: number; description: string }
);

/** The connection is cut without an answer. */
export class Disconnected extends Error {
  constructor() {
    super('the connection was cut on purpose');
    this.name = 'Disconnected';
  }
}

/** Keeps the injected faults and hands each one to the calls it is meant for. */
export class FaultInjector {
  private faults: Array<{ fault: InjectedFault; left: number }> = [];

  inject(fault: InjectedFault): void {
    this.faults.push({ fault, left: fault.times ?? 1 });
  }

  /** Takes the fault for this call, if any, using up one of its times. */
  take(method: string, chatId: number | undefined): InjectedFault | undefined {
    const entry = this.faults.find(({ fault }) => {
      const methodFits = fault.method === undefined ? method !== 'getupdates' : fault.method.toLowerCase() === method;
      return methodFits && (fault.chatId === undefined || fault.chatId === chatId);
    });
    if (entry === undefined) {
      return undefined;
    }
    entry.left -= 1;
    this.faults = this.faults.filter(({ left }) => left > 0);
    return entry.fault;
  }
}

export function errorOf(fault: InjectedFault): ApiFailure | Disconnected {
  switch (fault.kind) {
    case 'rate_limited':
      return tooManyRequests(fault.retryAfter);
    case 'migrated':
      return upgraded(fault.migrateToChatId);
    case 'blocked':
      return forbidden('bot was blocked by the user');
    case 'server_error':
      return serverError();
    case 'disconnect':
      return new Disconnected();
    case 'failure':
      return new ApiFailure(fault.errorCode, fault.description);
  }
}
