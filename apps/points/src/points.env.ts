import { z } from 'zod';
import { engineEnvironment, loadConfiguration, port } from '#config';

const schema = z.object({ ...engineEnvironment, POINTS_METRICS_PORT: port().default(9103) });

export type PointsSettings = z.infer<typeof schema>;

export function readPointsSettings(environment?: NodeJS.ProcessEnv): PointsSettings {
  return loadConfiguration(schema, environment);
}
