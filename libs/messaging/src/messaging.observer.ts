/** What the messaging tells about itself; the service turns it into metrics and log lines. */
export interface MessagingObserver {
  requestHandled(contract: string, outcome: string, seconds: number, requestId: string): void;
  eventHandled(event: string, outcome: 'handled' | 'duplicate' | 'failed', seconds: number, requestId: string): void;
  eventsPublished(count: number): void;
  relayFailed(error: unknown): void;
  deadLetter(queue: string): void;
  /** Something threw that is no refusal: a bug or a broken engine. */
  unexpected(error: unknown, details: { contract: string; requestId: string }): void;
}

export const silentObserver: MessagingObserver = {
  requestHandled: () => undefined,
  eventHandled: () => undefined,
  eventsPublished: () => undefined,
  relayFailed: () => undefined,
  deadLetter: () => undefined,
  unexpected: () => undefined,
};
