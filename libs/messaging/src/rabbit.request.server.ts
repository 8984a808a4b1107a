import { setTimeout as pause } from 'node:timers/promises';
import { IllegalOperationError, type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { AppError } from '#contracts';
import type { Consumer } from './broker.js';
import type { Reply, RequestMessage } from './message.js';
import { abandon } from './rabbit.connection.js';
import { bundleType, idsIn, letterBundles, lettersAtMost, lettersIn, OutTray, type Letter } from './request.bundle.js';
import { Semaphore } from './semaphore.js';

/** A message that was delivered. */
interface Delivery {
  readonly channel: Channel;
  readonly raw: ConsumeMessage;
  /** Requests in it whose reply has not been sent. */
  unanswered: number;
}

interface ReplyLetter extends Letter {
  readonly delivery: Delivery;
}

/** Takes one service's request queue, a bounded number of requests at a time. Replies that are ready together share a message. */
export class RabbitRequestServer implements Consumer {
  private channel: Channel | null = null;
  private consumerTag = '';
  private inFlight = 0;
  private stopped = false;
  private readonly places: Semaphore;
  private readonly tray = new OutTray<string, ReplyLetter>((queue, letters) => this.send(queue, letters));

  constructor(
    private readonly queue: string,
    private readonly handle: (message: RequestMessage) => Promise<Reply>,
    private readonly concurrency: number,
  ) {
    this.places = new Semaphore(concurrency, concurrency * lettersAtMost);
  }

  async setup(model: ChannelModel): Promise<void> {
    if (this.stopped) return;
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    channel.on('close', () => {
      if (this.channel === channel) this.channel = null;
      if (!this.stopped) abandon(model);
    });
    await channel.prefetch(this.concurrency);
    this.channel = channel;
    const { consumerTag } = await channel.consume(this.queue, (raw) => {
      if (raw) this.receive(channel, raw);
      // The queue is gone and this consumer with it: connect anew, which declares it again.
      else abandon(model);
    });
    this.consumerTag = consumerTag;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.channel?.cancel(this.consumerTag).catch(() => undefined);
    while (this.inFlight > 0) await pause(5);
    await this.channel?.close().catch(() => undefined);
  }

  private receive(channel: Channel, raw: ConsumeMessage): void {
    // On its way when this server said that it stops: for whoever serves next.
    if (this.stopped) return handBack(channel, raw);
    const ids = idsIn(raw.properties.correlationId);
    const delivery = { channel, raw, unanswered: ids.length };
    const requests = requestsIn(raw, ids.length);
    if (ids.length === 0) channel.ack(raw);
    for (const [index, id] of ids.entries()) void this.answer(delivery, id, requests?.[index]);
  }

  private async answer(delivery: Delivery, id: string, request: RequestMessage | undefined): Promise<void> {
    this.inFlight += 1;
    const reply = await this.replyTo(request);
    const queue = String(delivery.raw.properties.replyTo ?? '');
    const mayShare = delivery.raw.properties.type === bundleType;
    this.tray.put(mayShare ? queue : `${queue} ${id}`, queue, { id, text: JSON.stringify(reply), delivery });
  }

  private async replyTo(request: RequestMessage | undefined): Promise<Reply> {
    if (request === undefined) return { ok: false, error: new AppError('system.internal').toWire() };
    if (!(await this.places.enter())) return { ok: false, error: new AppError('system.unavailable').toWire() };
    try {
      return await this.handle(request);
    } catch {
      return { ok: false, error: new AppError('system.internal').toWire() };
    } finally {
      this.places.leave();
    }
  }

  /** Reply, then acknowledge: a crash in between repeats the requests, and the inbox answers them. */
  private send(queue: string, letters: readonly ReplyLetter[]): void {
    this.inFlight -= letters.length;
    // Delivered by a connection that is gone: it comes again.
    const ours = letters.filter(({ delivery }) => delivery.channel === this.channel);
    const { channel } = this;
    if (!channel) return;
    try {
      if (queue !== '') {
        for (const { correlationId, content } of letterBundles(ours))
          channel.publish('', queue, content, { correlationId });
      }
      for (const { delivery } of ours) {
        delivery.unanswered -= 1;
        if (delivery.unanswered === 0) channel.ack(delivery.raw);
      }
    } catch {
      // The channel is closing: as above.
    }
  }
}

/** A channel that is being closed takes no answer; then its messages are delivered again. */
function handBack(channel: Channel, raw: ConsumeMessage): void {
  try {
    channel.nack(raw, false, true);
  } catch (error) {
    if (!(error instanceof IllegalOperationError)) throw error;
  }
}

/** Null when the message is none that a requester sends. */
function requestsIn(raw: ConsumeMessage, count: number): RequestMessage[] | null {
  try {
    return lettersIn(raw.content, count) as RequestMessage[];
  } catch {
    return null;
  }
}
