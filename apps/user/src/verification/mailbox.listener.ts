import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, type NamedLock } from '#database';
import type { Clock } from '#messaging';
import { InjectClock, InjectLogger, Metrics, type Logger } from '#service';
import { CommunityMailbox } from './community-mailbox.source.js';
import { MailMemoryService } from './mail-memory.service.js';
import type { ReceivedMail } from './mail-source.types.js';
import { ParkedMailsService, type ParkedMail } from './parked-mails.service.js';
import { ReceivedMailSender } from './received-mail.sender.js';

/** Between two looks at the lock: of who has it whether it is still there, of the others whether it is free. */
const lockCheckMs = 5_000;
const parkedCheckMs = 1_000;
/** So long a sender's name servers may be silent, as long as a code is valid. */
const patienceMs = 600_000;

/**
 * Listens to the community mailbox (U-08): in one process per mailbox, the others take over when it ends. An effect and the
 * cursor are stored together, so a restart goes on where it stopped.
 */
@Injectable()
export class MailboxListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly ending = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private hears = false;
  private stuck = false;

  constructor(
    private readonly mailbox: CommunityMailbox,
    private readonly database: Database,
    private readonly memory: MailMemoryService,
    private readonly parked: ParkedMailsService,
    private readonly sender: ReceivedMailSender,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
    metrics: Metrics,
  ) {
    const text = 'Whether this process hears the community mailbox; 0 in all of them means that nobody does';
    metrics.gauge('coser_mailbox_listener_up', text, (gauge) => gauge.set(this.hears && !this.stuck ? 1 : 0));
  }

  onApplicationBootstrap(): void {
    if (this.mailbox.authservId === '') {
      this.logger.warn({}, 'MAIL_AUTHSERV_ID is not set: no verification mail will be believed');
    }
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      try {
        const lock = await this.database.acquireLock('mailbox-listener');
        if (lock) await this.listen(lock);
      } catch (error) {
        this.logger.warn({ error }, 'the mailbox lock cannot be asked for');
      }
      await rest(lockCheckMs, signal);
    }
  }

  /** Runs the source for as long as the lock is held. */
  private async listen(lock: NamedLock): Promise<void> {
    this.stuck = false;
    const lost = new AbortController();
    const signal = AbortSignal.any([this.ending.signal, lost.signal]);
    const watch = this.watchLock(lock, lost, signal);
    const parked = this.lookAtParked(signal);
    try {
      await this.mailbox.source.run({
        loadCursor: (folder) => this.memory.loadCursor(this.database.reader, this.mailbox.name, folder),
        handle: (mail) => this.handle(mail, signal),
        onState: (state, detail) => this.tell(state === 'up', detail),
        signal,
      });
    } finally {
      lost.abort();
      this.hears = false;
      await Promise.all([watch, parked]);
      await lock.release();
    }
  }

  private async watchLock(lock: NamedLock, lost: AbortController, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await rest(lockCheckMs, signal);
      if (signal.aborted || (await lock.isHeld())) continue;
      this.logger.warn({}, 'the mailbox lock is lost');
      lost.abort();
    }
  }

  private async handle(mail: ReceivedMail, signal: AbortSignal): Promise<void> {
    const inspected = await this.sender.inspect(mail);
    const undecided = inspected?.verdict.decision === 'retry';
    if (undecided && (await this.parked.park(this.mailbox.name, mail, this.clock.now()))) return;
    await this.sender.send(mail, inspected, this.handOver(signal));
  }

  private async lookAtParked(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for (const parked of await this.parked.due(this.clock.now())) await this.retry(parked, signal);
      } catch (error) {
        if (!signal.aborted) this.logger.warn({ error }, 'a parked mail could not be looked at');
      }
      await rest(parkedCheckMs, signal);
    }
  }

  private async retry(parked: ParkedMail, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const inspected = await this.sender.inspect(parked.mail);
    const waitedMs = this.clock.now().getTime() - parked.parkedAt.getTime();
    if (inspected?.verdict.decision === 'retry' && waitedMs < patienceMs) {
      return this.parked.postpone(parked, this.clock.now());
    }
    await this.sender.send(parked.mail, inspected, this.handOver(signal));
    await this.parked.forget(parked);
  }

  private handOver(signal: AbortSignal) {
    return {
      signal,
      onStuck: (reason: string) => {
        if (!this.stuck) this.logger.warn({ reason }, 'a mail waits: it cannot be handed over');
        this.stuck = true;
      },
      onFreed: () => {
        this.stuck = false;
        this.logger.info({}, 'mails are handed over again');
      },
    };
  }

  private tell(hears: boolean, detail?: string): void {
    this.hears = hears;
    if (hears) this.logger.info({ mailbox: 'up' }, 'the community mailbox is heard');
    else this.logger.warn({ detail }, 'the community mailbox is deaf');
  }
}

/** Ends early, without an error, when the signal is given. */
async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal }).catch(() => undefined);
}
