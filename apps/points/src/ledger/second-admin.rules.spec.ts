import { describe, expect, it } from 'vitest';
import { refuseOwn } from './second-admin.rules.js';

const admin = { actor: { kind: 'user', user_id: 900, role: 'super_admin' } } as const;

describe('a second admin (P-09)', () => {
  it('is needed for one’s own account, whatever the role', () => {
    expect(() => refuseOwn(admin, 900)).toThrow(
      expect.objectContaining({ errorName: 'adjustment.second_admin_required' }),
    );
  });

  it('is not needed for another member, nor for what the platform does by itself', () => {
    expect(() => refuseOwn(admin, 901)).not.toThrow();
    expect(() => refuseOwn({ actor: { kind: 'system', name: 'job' } }, 900)).not.toThrow();
  });
});
