import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

const firstRefusal = 400;

/** The OpenAPI document of everything the application has. */
export function openApiDocument(application: INestApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('Coser community platform')
    .setDescription(
      'Membership, e-mail verification, points and notifications. ' +
        'Every answer has the envelope {code, message, data, request_id, timestamp}.',
    )
    .setVersion('1')
    .addBearerAuth()
    .build();
  return shareRefusals(SwaggerModule.createDocument(application, base));
}

/** The same refusals stand at many endpoints: each set of them is written down once, named by its errors. */
function shareRefusals(document: OpenAPIObject): OpenAPIObject {
  const shared: NonNullable<NonNullable<OpenAPIObject['components']>['responses']> = {};
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path as Record<string, { responses: Record<string, unknown> }>)) {
      for (const [status, response] of Object.entries(operation.responses)) {
        if (Number(status) < firstRefusal) continue;
        const name = (response as { description: string }).description.replaceAll(', ', '-');
        shared[name] = response as (typeof shared)[string];
        operation.responses[status] = { $ref: `#/components/responses/${name}` };
      }
    }
  }
  return { ...document, components: { ...document.components, responses: shared } };
}

/** `/docs` and `/docs-json`. */
export function serveOpenApi(application: INestApplication): void {
  SwaggerModule.setup('docs', application, () => openApiDocument(application), { jsonDocumentUrl: 'docs-json' });
}
