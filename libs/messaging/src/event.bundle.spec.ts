import { describe, expect, it } from 'vitest';
import type { Call } from '#contracts';
import { bundlesOf, eventsIn } from './event.bundle.js';
import type { EventMessage } from './message.js';

const call: Call = { request_id: 'r1', actor: { kind: 'system', name: 'test' }, channel: 'system', locale: 'en' };

function event(id: string, name = 'points.checked_in.v1', payload: unknown = {}): EventMessage {
  return { id, name, service: 'points', occurred_at: '2026-01-02T03:04:05.678Z', call, payload };
}

const ids = (events: readonly EventMessage[]): string[] => events.map(({ id }) => id);

describe('bundles of events', () => {
  it('keeps names apart and the order within a name', () => {
    const other = 'points.balance_changed.v1';
    const bundles = bundlesOf([event('a'), event('b', other), event('c'), event('d', other)]);
    expect(bundles.map(({ name, events }) => [name, ids(events)])).toEqual([
      ['points.checked_in.v1', ['a', 'c']],
      [other, ['b', 'd']],
    ]);
  });

  it('comes back from its body, alone and among others', () => {
    expect(eventsIn(bundlesOf([event('a')])[0]?.content as Buffer)).toEqual([event('a')]);
    expect(eventsIn(bundlesOf([event('a'), event('b')])[0]?.content as Buffer)).toEqual([event('a'), event('b')]);
    expect(JSON.parse(String(bundlesOf([event('a')])[0]?.content))).toEqual(event('a'));
  });

  it('holds at most 250 events', () => {
    const many = Array.from({ length: 501 }, (_, index) => event(String(index)));
    expect(bundlesOf(many).map(({ events }) => events.length)).toEqual([250, 250, 1]);
    expect(bundlesOf(many).flatMap(({ events }) => ids(events))).toEqual(ids(many));
  });

  it('holds at most a quarter of a megabyte, a larger event alone', () => {
    const large = (id: string, size: number): EventMessage => event(id, undefined, 'x'.repeat(size));
    const bundles = bundlesOf([large('a', 200_000), large('b', 100_000), large('c', 400_000), large('d', 1)]);
    expect(bundles.map(({ events }) => ids(events))).toEqual([['a'], ['b'], ['c'], ['d']]);
  });

  it.each(['', 'null', '[]', '{}', '[null]', '[1]', '{"id":"a","name":"b"}', 'not json'])('refuses %j', (text) => {
    expect(eventsIn(Buffer.from(text))).toBeNull();
  });

  it('refuses a body in which one is no event', () => {
    expect(eventsIn(Buffer.from(JSON.stringify([event('a'), { id: 'b' }])))).toBeNull();
  });
});
