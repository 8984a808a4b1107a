import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiExtension, ApiHeader, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { errorCatalogue, type ErrorName, type RequestContract } from '#contracts';
import { AllowAccess, AllowStandings, NeedsStepUp, type Access } from './access.decorator.js';
import { envelopeSchema } from './envelope.format.js';

type OpenApiSchema = Parameters<typeof ApiResponse>[0] extends infer Options
  ? Extract<Options, { schema: unknown }>['schema']
  : never;

export interface EndpointOptions {
  readonly contract: RequestContract;
  readonly access: Access;
  /**
   * Refused unless the caller has confirmed freshly that it is them: for what is dangerous (U-13). `sometimes`: the service says
   * for which inputs; the description does too.
   */
  readonly stepUp?: true | 'sometimes';
  /** 200 unless something is created. */
  readonly status?: 200 | 201 | 202;
  readonly body?: z.ZodType;
  readonly query?: z.ZodObject;
  /** Takes an Idempotency-Key. */
  readonly idempotent?: boolean;
  readonly description?: string;
  readonly example?: { body?: unknown; data?: unknown };
  /** The content type of a file that is answered with, instead of the envelope. */
  readonly file?: string;
  /** Refusals besides those of the contract. */
  readonly refusals?: readonly ErrorName[];
}

const alwaysPossible: readonly ErrorName[] = [
  'request.invalid',
  'system.rate_limited',
  'system.internal',
  'system.unavailable',
  'system.timeout',
];

const bodyRefusals: readonly ErrorName[] = [
  'system.invalid_json',
  'system.body_too_large',
  'system.unsupported_media_type',
];

/** Everything a REST endpoint says about itself: status, access, and a complete OpenAPI entry made from its contract. */
export function Endpoint(options: EndpointOptions): MethodDecorator {
  const { contract, access, status = 200, body, query, idempotent } = options;
  const headers = [
    ApiHeader({
      name: 'Accept-Language',
      required: false,
      description: 'zh, en or ru',
      schema: { type: 'string', example: 'en' },
    }),
    ...(idempotent
      ? [
          ApiHeader({
            name: 'Idempotency-Key',
            required: false,
            description: 'Repeat a request safely: 1 to 255 characters',
            schema: { type: 'string', maxLength: 255 },
          }),
        ]
      : []),
  ];
  return applyDecorators(
    HttpCode(status),
    AllowAccess(access),
    AllowStandings(contract.openTo ?? []),
    ...(options.stepUp === true ? [NeedsStepUp()] : []),
    ...(options.stepUp ? [ApiExtension('x-step-up', options.stepUp)] : []),
    ...(typeof access === 'object' ? [ApiExtension('x-permission', access.permission)] : []),
    ApiOperation({
      summary: contract.summary,
      operationId: operationId(contract),
      ...(options.description && { description: options.description }),
    }),
    ...headers,
    ...(access === 'public' ? [] : [ApiBearerAuth()]),
    ...(body
      ? [
          ApiBody({
            required: true,
            schema: openApiSchema(body, 'input'),
            ...(options.example?.body !== undefined && { examples: { example: { value: options.example.body } } }),
          }),
        ]
      : []),
    ...Object.entries(query?.shape ?? {}).map(([name, schema]) => queryParameter(name, schema as z.ZodType)),
    successResponse(options, status),
    ...errorResponses(options),
  );
}

function operationId({ name }: RequestContract): string {
  const [, ...words] = name.replace(/\.v[0-9]+$/, '').split(/[._]/);
  return words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
}

function queryParameter(name: string, schema: z.ZodType): MethodDecorator {
  return ApiQuery({ name, required: !schema.safeParse(undefined).success, schema: openApiSchema(schema, 'input') });
}

function successResponse({ contract, example, file }: EndpointOptions, status: number): MethodDecorator {
  if (file !== undefined) {
    const content = { [file]: { schema: { type: 'string', format: 'binary' } } };
    return ApiResponse({ status, description: 'the file', content });
  }
  return ApiResponse({
    status,
    description: 'success',
    schema: openApiSchema(envelopeSchema(contract.output), 'output'),
    ...(example?.data !== undefined && { example: exampleEnvelope(example.data) }),
  });
}

/** One response per HTTP status, with an example for each refusal that has it. */
function errorResponses(options: EndpointOptions): MethodDecorator[] {
  const { contract, access, idempotent, body, refusals = [], stepUp } = options;
  const names = new Set<ErrorName>([...alwaysPossible, ...contract.errors, ...refusals]);
  if (access !== 'public') (['auth.unauthenticated', 'auth.token_expired'] as const).forEach((name) => names.add(name));
  if (typeof access === 'object') names.add('auth.forbidden');
  if (stepUp) names.add('auth.step_up_required');
  if (access !== 'public') (['user.banned', 'user.deletion_pending'] as const).forEach((name) => names.add(name));
  // Whatever takes a key is a POST or PATCH, whose body is read even where none is wanted.
  if (body || idempotent) bodyRefusals.forEach((name) => names.add(name));
  if (idempotent) (['idempotency.key_reused', 'idempotency.key_invalid'] as const).forEach((name) => names.add(name));
  const statuses = new Map<number, ErrorName[]>();
  for (const name of names) {
    const { status } = errorCatalogue[name];
    statuses.set(status, [...(statuses.get(status) ?? []), name]);
  }
  return [...statuses].sort(([left], [right]) => left - right).map(([status, group]) => errorResponse(status, group));
}

function errorResponse(status: number, names: ErrorName[]): MethodDecorator {
  const codes = names.map((name) => errorCatalogue[name].code);
  const schema = openApiSchema(
    envelopeSchema(z.record(z.string(), z.unknown()).nullable(), z.literal(codes)),
    'output',
  );
  const examples = Object.fromEntries(
    names.map((name) => [
      name,
      { summary: name, value: { ...exampleEnvelope(null), code: errorCatalogue[name].code, message: name } },
    ]),
  );
  return ApiResponse({ status, description: names.join(', '), content: { 'application/json': { schema, examples } } });
}

function exampleEnvelope(data: unknown): object {
  return {
    code: 0,
    message: 'success',
    data,
    request_id: '0f3b6c1e-6f0a-4c7e-9d53-1a2b3c4d5e6f',
    timestamp: '2026-03-01T08:00:00.000Z',
  };
}

function openApiSchema(schema: z.ZodType, io: 'input' | 'output'): OpenApiSchema {
  const json = z.toJSONSchema(schema, { io, target: 'openapi-3.0', unrepresentable: 'any' }) as Record<string, unknown>;
  delete json['$schema'];
  return json as OpenApiSchema;
}
