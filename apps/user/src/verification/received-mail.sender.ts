import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AppError, ReceiveVerificationMail, type Call, type InputOf, type OutputOf } from '#contracts';
import { MessageClient, timeOrderedId, type Clock } from '#messaging';
import { InjectClock, InjectLogger, type Logger } from '#service';
import { CommunityMailbox } from './community-mailbox.source.js';
import { inspectMail, type InspectedMail } from './mail.inspector.js';
import type { ReceivedMail } from './mail-source.types.js';

type Input = InputOf<typeof ReceiveVerificationMail>;
type Outcome = OutputOf<typeof ReceiveVerificationMail>['outcome'];

const maxBytes = 1_048_576;
const pausesMs = [200, 500, 1_000, 2_000, 5_000] as const;
const folderAtMost = 128;
/** Answers `system.internal` to one mail after which it counts as a mail that cannot be handled: about half a minute. */
const faultsAtMost = 10;

/** Told while a mail cannot be handed over, and when it could after all. */
export interface HandOver {
  readonly signal: AbortSignal;
  onStuck(reason: string): void;
  onFreed(): void;
}

/** Inspects mails and hands them to the service as commands: once each, however often they are read. */
@Injectable()
export class ReceivedMailSender {
  constructor(
    private readonly mailbox: CommunityMailbox,
    private readonly client: MessageClient,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** What the mail proves; a mail that breaks the inspection itself is refused like any broken mail, and must not block the mailbox. */
  async inspect({ raw, tooLarge }: ReceivedMail): Promise<InspectedMail | null> {
    const { authservId, resolver } = this.mailbox;
    const options = { authservId, resolver, now: this.clock.now(), maxBytes };
    try {
      return await inspectMail(raw, tooLarge ? { ...options, tooLarge } : options);
    } catch (error) {
      this.logger.error({ error }, 'a mail could not be inspected');
      return null;
    }
  }

  /**
   * Hands the mail over, and waits while the service is away. A mail that the service cannot take (by a fault of ours) is
   * handed over as a broken one, so that it does not block those behind it.
   * @throws when the signal ends the wait, or not even that can be stored
   */
  async send(mail: ReceivedMail, inspected: InspectedMail | null, handOver: HandOver): Promise<Outcome> {
    const { folder, uidValidity, uid } = mail;
    const key = `mail:${this.mailbox.name}:${folder}:${uidValidity}:${uid}`;
    const cursor = {
      mailbox: this.mailbox.name,
      folder: folder.slice(0, folderAtMost),
      uid_validity: uidValidity.slice(0, 32),
      last_uid: uid,
    };
    try {
      return await this.insist({ mail: inspected ? inputOf(inspected) : brokenInput, cursor }, key, handOver);
    } catch (error) {
      if (handOver.signal.aborted) throw error;
      this.logger.error({ error, folder, uid }, 'a mail cannot be handled and is put aside as broken');
      return this.insist({ mail: brokenInput, cursor }, `${key}:broken`, handOver);
    }
  }

  private async insist(input: Input, idempotencyKey: string, handOver: HandOver): Promise<Outcome> {
    let faults = 0;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const { outcome } = await this.client.command(ReceiveVerificationMail, input, this.call(), { idempotencyKey });
        if (attempt > 0) handOver.onFreed();
        return outcome;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // Handled before with another finding (a name server answers differently now): that one stands.
        if (error.errorName === 'idempotency.key_reused') return 'known';
        if (error.errorName === 'system.internal') faults += 1;
        if (!error.transient || faults >= faultsAtMost || handOver.signal.aborted) throw error;
        if (attempt > 0) handOver.onStuck(error.errorName);
      }
      const pauseMs = pausesMs[Math.min(attempt, pausesMs.length - 1)];
      await pause(pauseMs, undefined, { signal: handOver.signal });
    }
  }

  private call(): Call {
    const requestId = timeOrderedId(this.clock.now());
    return { request_id: requestId, actor: { kind: 'system', name: 'mailbox' }, channel: 'system', locale: 'en' };
  }
}

const brokenInput: Input['mail'] = {
  decision: 'refuse',
  reason: 'broken',
  grade: null,
  from_address: null,
  codes: [],
  message_id: null,
  signature_hash: null,
  evidence: {},
};

/** `retry` counts as a refusal here: whoever could still wait has parked the mail. */
function inputOf({ verdict, codes, own, receiver }: InspectedMail): Input['mail'] {
  const { decision, reason, grade, evidence } = verdict;
  return {
    decision: decision === 'retry' ? 'refuse' : decision,
    reason,
    grade,
    from_address: evidence.fromAddress,
    codes,
    message_id: evidence.messageId,
    signature_hash: evidence.dkimSignatureHash,
    evidence: { ...evidence, own, receiver: receiver.verdict },
  };
}
