import { z } from 'zod';
import { engineEnvironment, loadConfiguration, port } from '#config';

const schema = z.object({
  ...engineEnvironment,
  ENTITLEMENT_METRICS_PORT: port().default(9102),
  /** The system's trial code (U-02), created at the first start; unset means none. */
  TRIAL_INVITE_CODE: z
    .string()
    .regex(/^[A-Za-z0-9]{4,32}$/, 'must be 4 to 32 letters and digits')
    .optional(),
});

export type EntitlementSettings = z.infer<typeof schema>;

export function readEntitlementSettings(environment?: NodeJS.ProcessEnv): EntitlementSettings {
  return loadConfiguration(schema, environment);
}
