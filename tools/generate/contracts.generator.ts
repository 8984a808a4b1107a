import { z } from 'zod';
import { eventContracts, requestContracts } from '#contracts';
import type { Generator } from './generator.js';

/** JSON-schema snapshots of every message: a changed contract is a visible difference, a removed field one that a reviewer refuses. */
export const generator: Generator = {
  name: 'contract snapshots',
  folder: 'libs/contracts/snapshots',
  async files() {
    const requests = requestContracts.map((contract) => ({
      path: `libs/contracts/snapshots/${contract.name}.json`,
      content: format({
        name: contract.name,
        kind: contract.kind,
        summary: contract.summary,
        input: schemaOf(contract.input, 'input'),
        output: schemaOf(contract.output, 'output'),
        errors: [...contract.errors].sort(),
      }),
    }));
    const events = eventContracts.map((contract) => ({
      path: `libs/contracts/snapshots/${contract.name}.json`,
      content: format({
        name: contract.name,
        kind: contract.kind,
        summary: contract.summary,
        payload: schemaOf(contract.payload, 'output'),
      }),
    }));
    return [...requests, ...events];
  },
};

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' });
}

function format(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
