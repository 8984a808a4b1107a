import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as contracts from '#contracts';
import { repositoryFiles } from '../tidy/source.file.js';

const root = resolve(import.meta.dirname, '../..');

interface Documented {
  operationId: string;
  'x-permission'?: string;
  'x-step-up'?: true | 'sometimes';
}

/** What one handler of a service asks for, by the name of its contract in the code. */
interface Door {
  readonly contract: string;
  readonly permissions: readonly string[];
  readonly stepUp: boolean;
}

const handler = /@Handle(?:Command|Query)\((\w+)\)([\s\S]*?)(?=@Handle(?:Command|Query)\(|$)/g;

function doorsIn(text: string): Door[] {
  return [...text.matchAll(handler)].map(([, contract = '', body = '']) => {
    // What follows the method's own end belongs to others.
    const own = body.split(/\n {2}\}\n/)[0] ?? '';
    return {
      contract,
      permissions: [...own.matchAll(/requirePermission\([\w.]+, '([\w.]+)'\)/g)].map(([, name = '']) => name),
      stepUp: /requireStepUp\(/.test(own),
    };
  });
}

function operationIdOf(contract: string): string {
  const { name } = (contracts as unknown as Record<string, { name: string }>)[contract] ?? { name: '' };
  const [, ...words] = name.replace(/\.v[0-9]+$/, '').split(/[._]/);
  return words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
}

describe('permissions (U-13)', () => {
  const document = JSON.parse(readFileSync(resolve(root, 'docs/openapi.json'), 'utf8')) as {
    paths: Record<string, Record<string, Documented>>;
  };
  const operations = new Map(
    Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .map((operation) => [operation.operationId, operation]),
  );
  const doors = repositoryFiles(root)
    .filter(({ path }) => /^apps\/(?!gateway)[\w-]+\/src\/.*\.service\.ts$/.test(path))
    .flatMap(({ text }) => doorsIn(text));
  const exposed = doors.flatMap((door) => {
    const operation = operations.get(operationIdOf(door.contract));
    return operation ? [{ door, operation }] : [];
  });

  it('finds what a handler asks for', () => {
    const text = [
      '  @HandleQuery(ListRoles)',
      '  async list(): Promise<void> {',
      "    requirePermission(call, 'role.read');",
      '  }',
      '',
      "  private other(): void { requirePermission(call, 'audit.read'); }",
      '  @HandleCommand(ChangeUserRole)',
      '  async change(): Promise<void> {',
      "    requirePermission(context.call, 'role.grant');",
      '    requireStepUp(context.call);',
      '  }',
    ].join('\n');
    expect(doorsIn(text)).toEqual([
      { contract: 'ListRoles', permissions: ['role.read'], stepUp: false },
      { contract: 'ChangeUserRole', permissions: ['role.grant'], stepUp: true },
    ]);
    expect(exposed.length).toBeGreaterThan(100);
  });

  it('are asked for by the service as by REST, so that no other door is wider', () => {
    const unlike = exposed
      .map(({ door, operation }) => ({ ...door, byRest: operation['x-permission'] }))
      .filter(({ permissions, byRest }) => String(permissions) !== String(byRest === undefined ? [] : [byRest]));
    expect(unlike).toEqual([]);
  });

  it('are each asked for somewhere', () => {
    const asked = new Set(doors.flatMap(({ permissions }) => permissions));
    expect(contracts.permissionNames.filter((name) => !asked.has(name))).toEqual([]);
  });

  it('go with a fresh confirmation at both doors or at none', () => {
    const unlike = exposed.filter(({ door, operation }) => door.stepUp !== (operation['x-step-up'] !== undefined));
    expect(unlike.map(({ door }) => door.contract)).toEqual([]);
  });
});
