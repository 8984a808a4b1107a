import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const documentFile = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));

/** As much of a JSON schema as wrong values are made from. */
export interface FieldSchema {
  type?: string;
  nullable?: boolean;
  minimum?: number;
  maximum?: number;
  enum?: unknown[];
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  minItems?: number;
  properties?: Record<string, FieldSchema>;
  required?: string[];
}

export interface Parameter {
  name: string;
  in: 'query' | 'path' | 'header';
  schema: FieldSchema;
}

interface Content {
  'application/json'?: { schema: FieldSchema };
}

interface DocumentedAnswer {
  content?: Content;
}

interface DocumentedOperation {
  operationId: string;
  tags?: string[];
  security?: unknown[];
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, DocumentedAnswer | { $ref: string }>;
  'x-permission'?: string;
}

export interface OpenApiDocument {
  paths: Record<string, Record<string, DocumentedOperation>>;
  components?: { responses?: Record<string, DocumentedAnswer> };
  [other: string]: unknown;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** One endpoint as the document describes it. */
export interface Operation {
  /** For example `POST /v1/check-ins`. */
  name: string;
  method: Method;
  path: string;
  needsToken: boolean;
  /** What the caller's role must allow (U-13). */
  permission: string | undefined;
  /** Exists in the embedded mode only. */
  isDevelopment: boolean;
  body: FieldSchema | null;
  query: Parameter[];
  isIdempotent: boolean;
  /** JSON schema of the answer by status; null for a page or text. */
  answers: Map<number, FieldSchema | null>;
}

/** The committed document. */
export function readOpenApi(): OpenApiDocument {
  return JSON.parse(readFileSync(documentFile, 'utf8')) as OpenApiDocument;
}

/** The document of a platform without the embedded mode's endpoints. */
export function withoutDevelopment(document: OpenApiDocument): OpenApiDocument {
  const paths = Object.entries(document.paths).filter(
    ([, methods]) => !Object.values(methods).some(({ tags }) => tags?.includes('development')),
  );
  const text = JSON.stringify(paths);
  // Answers that only they have share are not described either.
  const responses = Object.entries(document.components?.responses ?? {}).filter(([name]) =>
    text.includes(`"#/components/responses/${name}"`),
  );
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...document.components, responses: Object.fromEntries(responses) },
  };
}

/** The order of an operation's parameters means nothing, and depends on which of its decorators ran first. */
export function inFixedOrder(document: OpenApiDocument): OpenApiDocument {
  const copy = structuredClone(document);
  const nameOf = (parameter: Parameter): string => `${parameter.in} ${parameter.name}`;
  for (const methods of Object.values(copy.paths))
    for (const { parameters } of Object.values(methods))
      parameters?.sort((left, right) => nameOf(left).localeCompare(nameOf(right)));
  return copy;
}

export function operationsOf({ paths, components }: OpenApiDocument): Operation[] {
  const shared = components?.responses ?? {};
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      operationOf(method.toUpperCase() as Method, path, operation, shared),
    ),
  );
}

function operationOf(
  method: Method,
  path: string,
  operation: DocumentedOperation,
  shared: Record<string, DocumentedAnswer>,
): Operation {
  const { parameters = [], requestBody, responses, security, tags } = operation;
  return {
    name: `${method} ${path}`,
    method,
    path,
    needsToken: (security?.length ?? 0) > 0,
    permission: operation['x-permission'],
    isDevelopment: tags?.includes('development') ?? false,
    body: requestBody?.content['application/json']?.schema ?? null,
    query: parameters.filter((parameter) => parameter.in === 'query'),
    isIdempotent: parameters.some(({ name }) => name === 'Idempotency-Key'),
    answers: new Map(
      Object.entries(responses).map(([status, answer]) => [
        Number(status),
        answerOf(answer, shared).content?.['application/json']?.schema ?? null,
      ]),
    ),
  };
}

function answerOf(
  answer: DocumentedAnswer | { $ref: string },
  shared: Record<string, DocumentedAnswer>,
): DocumentedAnswer {
  if (!('$ref' in answer)) return answer;
  const found = shared[answer.$ref.replace('#/components/responses/', '')];
  if (!found) throw new Error(`the document has no ${answer.$ref}`);
  return found;
}
