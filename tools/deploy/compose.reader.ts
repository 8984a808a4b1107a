import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from './expressions.js';

/** A service of docker-compose.yml, as far as the tests look at it. */
export interface ComposeService {
  image: string;
  command?: string[] | string;
  environment?: Record<string, string | number | null>;
  ports?: string[];
  volumes?: string[];
  networks?: string[];
  secrets?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[]; interval: string; timeout: string; retries: number };
  restart?: string;
  logging?: { driver: string; options: Record<string, string> };
  deploy?: { resources?: { limits?: { cpus?: string; memory?: string } } };
  [key: string]: unknown;
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { environment?: string }>;
  [key: string]: unknown;
}

export const composePath = join(repositoryRoot, 'docker-compose.yml');
export const composeText = readFileSync(composePath, 'utf8');

/** The file with its anchors and merges resolved. */
export function composeFile(): ComposeFile {
  return parse(composeText, { merge: true }) as ComposeFile;
}

/** How a variable is used: `${NAME:?text}` is required, `${NAME:-value}` has a default, an empty entry is passed on if set. */
export interface VariableUse {
  name: string;
  kind: 'required' | 'default' | 'plain' | 'passed on' | 'secret';
}

export function variableUses({ services, secrets }: ComposeFile): VariableUse[] {
  const kinds = { ':?': 'required', ':-': 'default' } as const;
  const interpolated = [...composeText.matchAll(/(?<!\$)\$\{(\w+)(:\?|:-)?/g)].map(([, name = '', operator]) => ({
    name,
    kind: operator === ':?' || operator === ':-' ? kinds[operator] : ('plain' as const),
  }));
  const passedOn = Object.values(services).flatMap(({ environment = {} }) =>
    Object.entries(environment).flatMap(([name, value]) =>
      value === null ? [{ name, kind: 'passed on' as const }] : [],
    ),
  );
  const files = Object.values(secrets).flatMap(({ environment }) =>
    environment === undefined ? [] : [{ name: environment, kind: 'secret' as const }],
  );
  return [...interpolated, ...passedOn, ...files];
}

/** The variables of .env.example with their values; those behind a `#` too. */
export function exampleVariables(): Map<string, string> {
  const text = readFileSync(join(repositoryRoot, '.env.example'), 'utf8');
  return new Map(
    [...text.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** The parts of a mount: `./path:/target:ro` or `volume:/target`. */
export function mountOf(text: string): { source: string; readOnly: boolean; isPath: boolean; exists: boolean } {
  const [source = '', , mode = ''] = text.split(':');
  const isPath = /^[./]/.test(source);
  const exists = isPath && existsSync(join(source.startsWith('.') ? repositoryRoot : '/', source));
  return { source, readOnly: mode.split(',').includes('ro'), isPath, exists };
}
