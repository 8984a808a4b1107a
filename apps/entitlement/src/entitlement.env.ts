import { z } from 'zod';
import { engineEnvironment, loadConfiguration, port, termsEnvironment } from '#config';

const schema = z.object({
  ...engineEnvironment,
  ...termsEnvironment,
  ENTITLEMENT_METRICS_PORT: port().default(9102),
  /** The system's trial code (U-02), created at the first start; unset means none. */
  TRIAL_INVITE_CODE: z
    .string()
    .regex(/^[A-Za-z0-9]{4,32}$/, 'must be 4 to 32 letters and digits')
    .optional(),
  /** What a member's invite code gives (U-03), and the days its maker gets for it (U-05). */
  MEMBER_CODE_PLAN: z.string().max(32).default('month'),
  INVITER_REWARD_DAYS: z.coerce.number().int().min(0).max(3650).default(7),
  /** How often it is looked whose membership ends soon. */
  REMINDER_INTERVAL_MS: z.coerce.number().int().min(100).max(86_400_000).default(30_000),
});

export type EntitlementSettings = z.infer<typeof schema>;

export function readEntitlementSettings(environment?: NodeJS.ProcessEnv): EntitlementSettings {
  return loadConfiguration(schema, environment);
}
