import { PassThrough } from 'node:stream';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { GetBalance, type Call } from '#contracts';
import { MemoryBroker, MessageClient } from '#messaging';
import { gate } from '#testing/gate';
import { messagingObserver, watchClient } from './messaging.metrics.js';
import { Metrics } from './metrics.js';

describe('what the messaging tells', () => {
  it('is in the log with the request behind it: commands always, queries and events when asked for', () => {
    const stream = new PassThrough();
    const logger = pino({ level: 'info', base: null, timestamp: false, messageKey: 'message' }, stream);
    const observer = messagingObserver(new Metrics('points', { runtime: false }), logger);
    observer.requestHandled('points.check_in.v1', 'ok', 0.0124, 'request-1');
    observer.requestHandled('points.get_balance.v1', 'ok', 0.001, 'request-2');
    observer.eventHandled('points.checked_in.v1', 'handled', 0.001, 'request-1');
    const lines = String(stream.read()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        level: 30,
        request_id: 'request-1',
        contract: 'points.check_in.v1',
        outcome: 'ok',
        milliseconds: 12,
        message: 'command',
      },
    ]);
  });

  it('is in the metrics while an answer is waited for, by the service that was asked', async () => {
    const broker = new MemoryBroker();
    const asked = gate();
    const answered = gate();
    await broker.serve(
      'points',
      async () => {
        asked.open();
        await answered.opened;
        return { ok: true, output: { balance: 0, frozen: 0, available: 0 } };
      },
      { concurrency: 1 },
    );
    const client = new MessageClient(broker);
    const metrics = new Metrics('gateway', { runtime: false });
    watchClient(metrics, client);
    const call: Call = { request_id: 'request-3', actor: { kind: 'visitor' }, channel: 'rest', locale: 'en' };
    const answer = client.query(GetBalance, {}, call);
    await asked.opened;
    expect(await metrics.registry.metrics()).toContain('{service_target="points",service="gateway"} 1');
    answered.open();
    await answer;
    expect(await metrics.registry.metrics()).toContain('{service_target="points",service="gateway"} 0');
    await broker.close();
  });
});
