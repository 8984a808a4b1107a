import type { FastifyInstance, FastifyRequest } from 'fastify';

const formBytesAtMost = 1_024;
/** The only form: the button of the undo page, which sends nothing but its press. */
const formRoute = '/v1/email-undos/:token';

/** Bodies are JSON (Fastify's own parser); anything else is 415. What a page's form sends holds no field. */
export function takeJsonAndForms(server: FastifyInstance): void {
  server.removeContentTypeParser('text/plain');
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: formBytesAtMost },
    (request: FastifyRequest, _body: string, done: (error: Error | null, body?: unknown) => void) => {
      if (request.routeOptions.url === formRoute) done(null, {});
      else done(Object.assign(new Error('no form is taken here'), { statusCode: 415 }));
    },
  );
}
