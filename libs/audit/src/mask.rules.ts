import { maskEmails, maskPhone, secretMask } from './mask.text.rules.js';
import { kindOfKey, type KeyKind } from './mask.key.rules.js';

const limits = { depth: 6, items: 100, values: 1_000, characters: 16_384, text: 500 };
const cut = '[cut]';

/**
 * A copy of `value` as plain JSON, fit for an audit log: masked by key names (and e-mail addresses wherever they stand), at most
 * 6 levels, 1,000 values and 16,384 characters; what is beyond is `[cut]`. Keys get `_` for the characters that MongoDB and its
 * kin give a meaning to, and an array directly within an array becomes an object with its indexes as keys.
 */
export function maskPersonalData(value: unknown): unknown {
  return new Masker().mask(value, 'plain', 0);
}

class Masker {
  private valuesLeft = limits.values;
  private charactersLeft = limits.characters;

  mask(value: unknown, kind: KeyKind, depth: number): unknown {
    if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
    this.valuesLeft -= 1;
    if (this.valuesLeft < 0 || this.charactersLeft <= 0) return cut;
    if (kind === 'secret') return secretMask;
    if (typeof value === 'number' && kind === 'plain' && Number.isFinite(value)) return value + 0;
    if (typeof value !== 'object' || value instanceof Date) return this.maskText(textOf(value), kind);
    if (depth >= limits.depth) return cut;
    return Array.isArray(value) ? this.maskArray(value, kind, depth) : this.maskObject(value, kind, depth);
  }

  private maskText(text: string, kind: KeyKind): string {
    // Cut after masking: a cut through an address would leave its name without the @ by which it is known.
    const near = text.slice(0, 2 * limits.text);
    const masked = kind === 'phone' ? maskPhone(near) : maskEmails(near);
    const safe = kind === 'email' && !near.includes('@') ? secretMask : masked;
    const kept = safe.length > limits.text ? `${safe.slice(0, limits.text)}${cut}` : safe;
    this.charactersLeft -= kept.length;
    return kept;
  }

  private maskArray(values: readonly unknown[], kind: KeyKind, depth: number): unknown[] {
    const kept = values.slice(0, limits.items).map((value) => {
      const item: unknown = Array.isArray(value) ? { ...value.slice(0, limits.items) } : value;
      return this.mask(item, kind, depth + 1);
    });
    return values.length > limits.items ? [...kept, cut] : kept;
  }

  private maskObject(value: object, kind: KeyKind, depth: number): Record<string, unknown> {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    const kept = entries.slice(0, limits.items).map(([key, item]): [string, unknown] => {
      const name = maskEmails(key.slice(0, 128)).replace(/[.$\0]/g, '_');
      this.charactersLeft -= name.length;
      // A list within a list was made an object: its indexes say nothing, the key of the list does.
      const itemKind = /^[0-9]+$/.test(key) ? kind : kindOfKey(key);
      return [name, this.mask(item, itemKind, depth + 1)];
    });
    if (entries.length > limits.items) kept.push([cut, cut]);
    return Object.fromEntries(kept);
  }
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toJSON() : String(value);
}
