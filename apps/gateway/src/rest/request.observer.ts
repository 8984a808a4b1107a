import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger, Metrics } from '#service';
import { callOf, type EdgeRequest } from './request.call.js';

/** Gives every request its call when it arrives, and its metric and log line when it is answered. */
export function observeRequests(server: FastifyInstance, metrics: Metrics, logger: Logger): void {
  const durations = metrics.histogram(
    'coser_http_request_duration_seconds',
    'HTTP requests by route template and status',
    ['method', 'route', 'status'],
  );
  // The line's fields are ours and hold nothing to cut out; looking for it would take nine tenths of the line's time.
  const lines = logger.child({}, { redact: [] });
  server.decorateRequest('call', null);
  server.addHook('onRequest', (request, reply, done) => {
    const call = callOf(request);
    (request as EdgeRequest).call = call;
    void reply.header('x-request-id', call.request_id);
    void reply.header('x-content-type-options', 'nosniff');
    // Answers hold tokens and personal data; nothing on the way may keep them.
    if (request.url.startsWith('/v1/')) void reply.header('cache-control', 'no-store');
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const seconds = reply.elapsedTime / 1000;
    durations.labels(request.method, route, String(reply.statusCode)).observe(seconds);
    const { call } = request as EdgeRequest;
    const line = {
      request_id: call.request_id,
      trace_id: call.traceparent?.slice(3, 35),
      method: request.method,
      route,
      status: reply.statusCode,
      milliseconds: Math.round(seconds * 1000),
      actor: call.actor.kind === 'user' ? call.actor.user_id : call.actor.kind,
    };
    if (isNoteworthy(request, reply.statusCode)) lines.info(line, 'request');
    else lines.debug(line, 'request');
    done();
  });
}

/** Changes and failures are always in the log; plain reads only at debug, where a fifth of the throughput would go. */
function isNoteworthy(request: FastifyRequest, status: number): boolean {
  return status >= 500 || (request.method !== 'GET' && request.routeOptions.url !== '/telegram/webhook');
}
