import { ImapMailboxClient } from './imap-mailbox.client.js';
import type { ImapTimes } from './imap-mailbox.client.js';
import { parseImapUrl } from './imap-url.rules.js';
import type { ImapAddress } from './imap-url.rules.js';
import type { MailSource, MailSourceRun } from './mail-source.types.js';
import { keepTrying } from './mailbox-retry.worker.js';
import type { RetryPauses } from './mailbox-retry.worker.js';

export interface ImapMailboxOptions extends Partial<ImapTimes> {
  /** `imap(s)://user:password@host:port/INBOX`. */
  url: string;
  /** Octets of the largest mail that is fetched whole. Default 1 MiB. */
  maxBytes?: number;
  retry?: Partial<RetryPauses>;
}

/**
 * The community mailbox over IMAP (U-08): reads the folder of the URL and the junk folder, in UID order from the stored
 * cursor on. Announcements of the server (IDLE) only shorten the wait; every 60 s it looks by itself, and after a change of
 * UIDVALIDITY it reads the folder anew. A connection that died silently is found within a minute and replaced.
 */
export class ImapMailboxSource implements MailSource {
  private readonly address: ImapAddress;
  private readonly times: ImapTimes;
  private readonly pauses: RetryPauses;
  private readonly maxBytes: number;

  constructor(options: ImapMailboxOptions) {
    this.address = parseImapUrl(options.url);
    this.times = {
      pollIntervalMs: options.pollIntervalMs ?? 60_000,
      watchdogIntervalMs: options.watchdogIntervalMs ?? 30_000,
      commandTimeoutMs: options.commandTimeoutMs ?? 30_000,
    };
    this.pauses = { firstMs: options.retry?.firstMs ?? 1_000, maxMs: options.retry?.maxMs ?? 60_000 };
    this.maxBytes = options.maxBytes ?? 1_048_576;
  }

  async run(run: MailSourceRun): Promise<void> {
    await keepTrying(run, this.pauses, async (progress) => {
      await new ImapMailboxClient(this.address, this.times, this.maxBytes, run).run(progress);
    });
  }
}
