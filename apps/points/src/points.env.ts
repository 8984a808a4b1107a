import { z } from 'zod';
import { engineEnvironment, loadConfiguration, port } from '#config';

const schema = z.object({
  ...engineEnvironment,
  POINTS_METRICS_PORT: port().default(9103),
  /** Adjustments by admins above this need another admin (P-09), who has so many hours to decide. */
  ADJUST_FOUR_EYES_POINTS: z.coerce.number().int().min(0).max(1_000_000_000).default(1_000),
  ADJUST_REQUEST_HOURS: z.coerce.number().int().min(1).max(8_760).default(72),
});

export type PointsSettings = z.infer<typeof schema>;

export function readPointsSettings(environment?: NodeJS.ProcessEnv): PointsSettings {
  return loadConfiguration(schema, environment);
}
