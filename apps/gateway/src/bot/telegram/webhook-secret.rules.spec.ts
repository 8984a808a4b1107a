import { describe, expect, it } from 'vitest';
import { isWebhookSecret } from './webhook-secret.rules.js';

describe('the webhook secret', () => {
  it('fits itself and nothing else', () => {
    expect(isWebhookSecret('sixteen-characters', 'sixteen-characters')).toBe(true);
    for (const wrong of [
      '',
      'sixteen-character',
      'sixteen-characters ',
      'SIXTEEN-CHARACTERS',
      undefined,
      null,
      ['sixteen-characters'],
      5,
    ]) {
      expect(isWebhookSecret(wrong, 'sixteen-characters')).toBe(false);
    }
  });

  it('fits nothing where there is none', () => {
    for (const given of [undefined, '', 'undefined']) expect(isWebhookSecret(given, undefined)).toBe(false);
  });
});
