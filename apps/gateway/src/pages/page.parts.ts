import type { FastifyReply } from 'fastify';
import { AppError } from '#contracts';
import type { PageFile } from './page.source.js';

/** Only what is ours runs and is asked; `frame` is who may show the page in a frame. */
function contentSecurityPolicy(frame: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frame}`,
  ].join('; ');
}

/** Answers with a file of a page. @throws AppError system.route_not_found where there is none. */
export function sendPageFile(reply: FastifyReply, file: PageFile | undefined, frame = "'none'"): void {
  if (file === undefined) throw new AppError('system.route_not_found');
  void reply
    .header('content-type', file.type)
    .header('content-security-policy', contentSecurityPolicy(frame))
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-cache')
    .send(file.content);
}
