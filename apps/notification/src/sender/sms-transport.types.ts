/** A finished text message. */
export interface OutgoingSms {
  /** The same however often it is sent: a provider that knows it sends one message. */
  readonly id: string;
  /** E.164. */
  readonly to: string;
  readonly text: string;
  readonly code: string;
  readonly writtenAt: Date;
}

/** What is known about a message that did not go out. */
export interface SmsFailure {
  /** The provider's HTTP status; null when it said nothing. */
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;
  readonly message: string;
}

/** The ways a text message can go; another provider with a call of its own is another one of these. */
export interface SmsTransport {
  /** Null when the message was taken over, else why not. Never rejects. */
  send(sms: OutgoingSms): Promise<SmsFailure | null>;
  /** Removes what it keeps of these messages; a provider keeps nothing of ours. */
  forget?(ids: readonly string[]): Promise<void>;
}
