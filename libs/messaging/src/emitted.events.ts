import type { Tx } from '#database';
import type { Gathered } from './handler.context.js';
import type { EventMessage } from './message.js';
import { putIntoOutbox } from './outbox.store.js';

/** The events of one open transaction. */
export class Emitted {
  private readonly events: EventMessage[] = [];
  private written = false;

  add(event: EventMessage): void {
    if (this.written)
      throw new Error(`"${event.name}" was emitted after its handler had returned: something was not awaited`);
    this.events.push(event);
  }

  /** Puts them into the outbox and returns how many they are. */
  async writeDown(tx: Tx, now: Date): Promise<number> {
    this.written = true;
    if (this.events.length > 0) await putIntoOutbox(tx, this.events, now);
    return this.events.length;
  }
}

/** What the events of one transaction have left to be written together. */
export class Gathering {
  private readonly items = new Map<Gathered<never>, unknown[]>();

  add<Item>(write: Gathered<Item>, item: Item): void {
    const known = this.items.get(write);
    if (known) known.push(item);
    else this.items.set(write, [item]);
  }

  async writeDown(tx: Tx): Promise<void> {
    for (const [write, items] of this.items) await write(items as never[], tx);
  }
}
