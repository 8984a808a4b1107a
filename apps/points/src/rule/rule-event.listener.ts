import { Controller } from '@nestjs/common';
import type { Tx } from '#database';
import { HandleEvent, type EventContext } from '#messaging';
import { ruleEventTypes, type RuleEventType } from './rule-event.data.js';
import { RuleEvaluationService, type HeardEvent } from './rule-evaluation.service.js';

/** Hears what rules may name (P-06). Each batch is evaluated as one, after all its events were heard. */
@Controller()
export class RuleEventListener {
  /** The same function each time, as `gather` wants it. */
  private readonly evaluate = (events: readonly HeardEvent[], tx: Tx): Promise<void> =>
    this.evaluation.evaluate(events, tx);

  constructor(private readonly evaluation: RuleEvaluationService) {}

  hear(type: RuleEventType, payload: unknown, context: EventContext): void {
    const { message } = context;
    const read = type.read(payload);
    if (!read) return;
    const occurredAt = new Date(message.occurred_at);
    context.gather(this.evaluate, { eventId: message.id, eventType: message.name, occurredAt, ...read, context });
  }
}

/** A handler for each event that rules may name. They differ in nothing, so they are made of the list. */
for (const type of ruleEventTypes) {
  const name = `hear ${type.contract.name}`;
  const value = async function (this: RuleEventListener, payload: unknown, context: EventContext): Promise<void> {
    this.hear(type, payload, context);
  };
  const descriptor = { value, configurable: true, writable: true };
  Object.defineProperty(RuleEventListener.prototype, name, descriptor);
  HandleEvent(type.contract)(RuleEventListener.prototype, name, descriptor);
}
