/** One mail as it lies in a mailbox. */
export interface ReceivedMail {
  /** Unique and rising within one `uidValidity` of one folder. */
  uid: number;
  uidValidity: string;
  folder: string;
  /** The source of the mail; its beginning only when `tooLarge`. */
  raw: Buffer;
  /** When the mailbox's server took it in. */
  receivedAt: Date;
  /** The mail exceeds the size that is read: `raw` holds its header fields and nothing else. */
  tooLarge?: boolean;
}

/** How far a folder has been read. */
export interface MailCursor {
  folder: string;
  uidValidity: string;
  lastUid: number;
}

export interface MailSourceRun {
  /** The cursor stored with the last handled mail of that folder; null when none was ever handled. */
  loadCursor(folder: string): Promise<MailCursor | null>;
  /**
   * Called for one mail at a time. It stores the mail's effect and its cursor (`folder`, `uidValidity`, `uid`) in one
   * transaction and knows mails that come again. When it rejects, the same mail is offered again after a pause: so it must
   * reject only when nothing can be stored, and park a mail that it cannot judge yet.
   */
  handle(mail: ReceivedMail): Promise<void>;
  /** Told on every change: `down` means that nothing is heard, `detail` why. */
  onState(state: 'up' | 'down', detail?: string): void;
  /** Ends the run; the mail in hand is finished first. */
  signal: AbortSignal;
}

/** Where verification mails come from. */
export interface MailSource {
  /** Calls `handle` for each new mail in UID order, never in parallel, until `signal` is aborted; never rejects. */
  run(options: MailSourceRun): Promise<void>;
}

/** A mailbox read for the first time is read from this age on: older mails carry no valid code. */
export const firstReadAgeMs = 24 * 3_600_000;
