import { badRequest } from './api.failure.js';

/** The parameters of one call; forms carry everything as text, JSON carries real types, both read the same here. */
export class MethodInput {
  constructor(readonly values: Record<string, unknown>) {}

  has(name: string): boolean {
    return this.values[name] !== undefined && this.values[name] !== null;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value === 'string') {
      return value;
    }
    if (typeof value === 'number' || typeof value === 'boolean') {
      return String(value);
    }
    throw badRequest(`field "${name}" must be of type String`);
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || value === '') {
      return undefined;
    }
    if (!/^-?\d{1,16}$/.test(value)) {
      throw badRequest(`parameter "${name}" must be an integer`);
    }
    return Number(value);
  }

  requiredInteger(name: string, missing: string): number {
    const value = this.integer(name);
    if (value === undefined) {
      throw badRequest(missing);
    }
    return value;
  }

  boolean(name: string): boolean {
    const value = this.text(name)?.toLowerCase();
    return value === 'true' || value === '1' || value === 'yes';
  }

  /** An object or a list, given as such or as JSON text. */
  json(name: string): unknown {
    const value = this.values[name];
    if (value === null) {
      return undefined;
    }
    if (typeof value !== 'string') {
      return value;
    }
    try {
      return value === '' ? undefined : JSON.parse(value);
    } catch {
      throw badRequest(`can't parse ${name.replaceAll('_', ' ')} JSON object`);
    }
  }

  record(name: string): Record<string, unknown> | undefined {
    const value = this.json(name);
    if (value === undefined) {
      return undefined;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw badRequest(`object expected as ${name}`);
    }
    return value as Record<string, unknown>;
  }

  list(name: string): unknown[] | undefined {
    const value = this.json(name);
    if (value !== undefined && !Array.isArray(value)) {
      throw badRequest(`can't parse ${name}: expected an Array`);
    }
    return value;
  }
}
