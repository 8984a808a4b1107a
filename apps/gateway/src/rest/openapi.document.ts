import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

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
  return SwaggerModule.createDocument(application, base);
}

/** `/docs` and `/docs-json`. */
export function serveOpenApi(application: INestApplication): void {
  SwaggerModule.setup('docs', application, () => openApiDocument(application), { jsonDocumentUrl: 'docs-json' });
}
