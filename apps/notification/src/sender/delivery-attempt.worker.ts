import { Injectable } from '@nestjs/common';
import type { Counter, Gauge } from 'prom-client';
import { deliveryChannels, type DeliveryChannel } from '#contracts';
import { Database } from '#database';
import type { Clock } from '#messaging';
import { InjectClock, InjectLogger, Metrics, type Logger } from '#service';
import type { SendOutcome, Settlement } from '../deliveries/delivery.rules.js';
import type { ClaimedDelivery } from './claimed-delivery.types.js';
import { SettlementWriter } from './settlement.writer.js';

interface ChannelSender {
  send(delivery: ClaimedDelivery): Promise<SendOutcome>;
}

const settleAgainMs = 500;
const settleTriesAtMost = 1_200;
const settleTriesWhenStopping = 3;

/** One try with one claimed delivery: send, then write down what came of it. */
@Injectable()
export class DeliveryAttempt {
  private readonly settled: Counter<'channel' | 'outcome'>;

  constructor(
    private readonly settlements: SettlementWriter,
    private readonly database: Database,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.settled = metrics.counter('coser_deliveries_total', 'Deliveries that reached their end', [
      'channel',
      'outcome',
    ]);
    metrics.gauge('coser_deliveries_pending', 'Deliveries that wait to be sent', (gauge) => this.countPending(gauge), [
      'channel',
    ]);
  }

  /** Never rejects. */
  async run(delivery: ClaimedDelivery, sender: ChannelSender, stopping: () => boolean): Promise<void> {
    const outcome = await this.outcomeOf(delivery, sender);
    const settlement = await this.settlePatiently(delivery, outcome, stopping);
    if (!settlement || settlement.status === 'pending') return;
    this.settled.labels(delivery.channel, settlement.status).inc();
    const line = { ...namesOf(delivery), channel: delivery.channel, template: delivery.template };
    if (settlement.status === 'sent') this.logger.info(line, 'a delivery was sent');
    else this.logger.warn({ ...line, reason: settlement.error }, 'a delivery was given up');
  }

  private async outcomeOf(delivery: ClaimedDelivery, sender: ChannelSender): Promise<SendOutcome> {
    if (this.clock.now() >= delivery.expiresAt) return { kind: 'refused', reason: 'expired' };
    if (delivery.isOutdated) return { kind: 'refused', reason: 'account_closed' };
    try {
      return await sender.send(delivery);
    } catch (error) {
      this.logger.error({ error, ...namesOf(delivery) }, 'unexpected error while sending');
      return { kind: 'failed', reason: 'unexpected error' };
    }
  }

  /** A result that is not written down means sending again: it is held on to while the database is away. */
  private async settlePatiently(
    delivery: ClaimedDelivery,
    outcome: SendOutcome,
    stopping: () => boolean,
  ): Promise<Settlement | null> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.settlements.settle(delivery, outcome);
      } catch (error) {
        if (tries >= (stopping() ? settleTriesWhenStopping : settleTriesAtMost)) {
          this.logger.error({ error, ...namesOf(delivery) }, 'a result could not be stored: it will be sent again');
          return null;
        }
        await new Promise((resolve) => setTimeout(resolve, settleAgainMs));
      }
    }
  }

  private async countPending(gauge: Gauge<'channel'>): Promise<void> {
    const rows = await this.database.reader
      .query<{ channel: DeliveryChannel; total: number | string }>(
        `SELECT channel, COUNT(*) AS total FROM deliveries WHERE status IN ('pending', 'sending') GROUP BY channel`,
      )
      .catch(() => null);
    if (!rows) return;
    for (const channel of deliveryChannels) gauge.labels(channel).set(0);
    for (const { channel, total } of rows) gauge.labels(channel).set(Number(total));
  }
}

/** By these a line of the log finds its row and the request that led to it. */
function namesOf({ id, requestId }: ClaimedDelivery): { delivery_id: number; request_id: string } {
  return { delivery_id: id, request_id: requestId };
}
