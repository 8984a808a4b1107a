import { Injectable } from '@nestjs/common';
import { DeliverySettled, type DeliveryChannel } from '#contracts';
import { placeholders, sqlTime } from '#database';
import { UnitOfWork, type CommandContext } from '#messaging';
import { ContactReachService } from '../contacts/contact-reach.service.js';
import { settle, type SendOutcome, type Settlement } from '../deliveries/delivery.rules.js';
import type { ClaimedDelivery } from './claimed-delivery.types.js';

interface Result {
  readonly delivery: ClaimedDelivery;
  readonly outcome: SendOutcome;
  resolve(settlement: Settlement | null): void;
  reject(error: unknown): void;
}

/** Each transaction costs the same, whatever its size; a mail's place is wanted again sooner. */
const gatherMs: Record<DeliveryChannel, number> = { telegram: 200, email: 20, sms: 20 };
const resultsAtMost = 50;

/** Writes down what became of deliveries: the results of a moment in one transaction, each with its event. */
@Injectable()
export class SettlementWriter {
  private waiting: Result[] = [];
  private timer: NodeJS.Timeout | null = null;
  private dueAt = Infinity;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly reach: ContactReachService,
  ) {}

  /** Resolves when the result of a try is committed; with null when the claim is somebody else's by now. */
  settle(delivery: ClaimedDelivery, outcome: SendOutcome): Promise<Settlement | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ delivery, outcome, resolve, reject });
      this.schedule(this.waiting.length >= resultsAtMost ? 0 : gatherMs[delivery.channel]);
    });
  }

  private schedule(delayMs: number): void {
    const dueAt = performance.now() + delayMs;
    if (dueAt >= this.dueAt) return;
    if (this.timer) clearTimeout(this.timer);
    this.dueAt = dueAt;
    this.timer = setTimeout(() => void this.writeWaiting(), delayMs);
  }

  private async writeWaiting(): Promise<void> {
    const results = this.waiting.splice(0, resultsAtMost);
    this.timer = null;
    this.dueAt = Infinity;
    if (this.waiting.length > 0) this.schedule(0);
    try {
      const settlements = await this.write(results);
      results.forEach(({ resolve }, index) => resolve(settlements[index] ?? null));
    } catch (error) {
      for (const { reject } of results) reject(error);
    }
  }

  private write(results: readonly Result[]): Promise<(Settlement | null)[]> {
    return this.unitOfWork.runAs('delivery-sender', async (context) => {
      const claims = await lockClaims(context, results);
      const settlements: (Settlement | null)[] = [];
      for (const { delivery, outcome } of results) {
        const isMine = claims.get(delivery.id) === delivery.claim;
        settlements.push(isMine ? await this.writeOne(context, delivery, outcome) : null);
      }
      return settlements;
    });
  }

  private async writeOne(
    context: CommandContext,
    delivery: ClaimedDelivery,
    outcome: SendOutcome,
  ): Promise<Settlement> {
    const { tx, now } = context;
    const settlement = settle(delivery.channel, delivery.attempts, outcome, now);
    const isSent = settlement.status === 'sent';
    await tx.executeLater(
      `UPDATE deliveries SET status = ?, attempts = ?, due_at = ?, last_error = ?, sent_at = ?, params = ?, claimed_by = NULL,
        claimed_until = NULL WHERE id = ?`,
      [
        settlement.status,
        settlement.attempts,
        sqlTime(settlement.status === 'pending' ? settlement.dueAt : now),
        isSent ? null : settlement.error,
        isSent ? sqlTime(now) : null,
        isSent ? '{}' : delivery.params,
        delivery.id,
      ],
    );
    await this.learn(context, delivery, outcome);
    if (settlement.status !== 'pending') {
      const { id, userId, channel, template } = delivery;
      const error = settlement.status === 'failed' ? settlement.error : null;
      const facts = { delivery_id: id, user_id: userId, channel, template, outcome: settlement.status, error };
      context.emit(DeliverySettled, facts, { user_id: userId });
    }
    return settlement;
  }

  private async learn(context: CommandContext, delivery: ClaimedDelivery, outcome: SendOutcome): Promise<void> {
    if (delivery.channel !== 'telegram') return;
    if (outcome.kind === 'refused' && outcome.unreachable) await this.reach.markBlocked(context, delivery.userId);
    if (outcome.kind === 'sent' && delivery.contact?.telegramBlockedAt) {
      await this.reach.markReachable(context, delivery.userId);
    }
  }
}

/** Which claim holds each row now; only its holder may settle it. */
async function lockClaims({ tx }: CommandContext, results: readonly Result[]): Promise<Map<number, string>> {
  const ids = results.map(({ delivery }) => delivery.id);
  const rows = await tx.query<{ id: number; claimed_by: string }>(
    `SELECT id, claimed_by FROM deliveries WHERE id IN (${placeholders(ids.length)}) AND status = 'sending'
     ORDER BY id${tx.lock}`,
    ids,
  );
  return new Map(rows.map(({ id, claimed_by }) => [id, claimed_by]));
}
