import type { EventMessage } from './message.js';

const eventsAtMost = 250;
const bytesAtMost = 256 * 1024;

/** Events of one name that travel as one message of the broker, because each message costs the broker as much as a hundred events in it. */
export interface EventBundle {
  readonly name: string;
  readonly events: readonly EventMessage[];
  /** The message's body: the event itself, or an array of them. */
  readonly content: Buffer;
}

/** Packs events by name: in their order within a name, names in the order of their first event. */
export function bundlesOf(events: readonly EventMessage[]): EventBundle[] {
  const byName = new Map<string, EventMessage[]>();
  for (const event of events) {
    const known = byName.get(event.name);
    if (known) known.push(event);
    else byName.set(event.name, [event]);
  }
  return [...byName.values()].flatMap(packed);
}

/** The events in a message's body, or null where it is none of ours. */
export function eventsIn(content: Buffer): EventMessage[] | null {
  try {
    const body: unknown = JSON.parse(content.toString());
    const events: unknown[] = Array.isArray(body) ? body : [body];
    return events.length > 0 && events.every(isEvent) ? events : null;
  } catch {
    return null;
  }
}

function packed(events: readonly EventMessage[]): EventBundle[] {
  const bundles: EventBundle[] = [];
  let group: EventMessage[] = [];
  let texts: string[] = [];
  let bytes = 0;
  const close = (): void => {
    const [first] = group;
    if (!first) return;
    const text = texts.length === 1 ? (texts[0] as string) : `[${texts.join(',')}]`;
    bundles.push({ name: first.name, events: group, content: Buffer.from(text) });
    [group, texts, bytes] = [[], [], 0];
  };
  for (const event of events) {
    const text = JSON.stringify(event);
    if (group.length >= eventsAtMost || bytes + text.length > bytesAtMost) close();
    group.push(event);
    texts.push(text);
    bytes += text.length;
  }
  close();
  return bundles;
}

function isEvent(value: unknown): value is EventMessage {
  const event = value as Partial<EventMessage> | null;
  return typeof event?.id === 'string' && typeof event.name === 'string' && Boolean(event.call);
}
