import { z } from 'zod';
import { engineEnvironment, loadConfiguration, port } from '#config';
import { encryptionEnvironment } from '#encryption';

const schema = z.object({
  ...engineEnvironment,
  /** Delivery addresses are personal data. */
  ENCRYPTION_KEYS: encryptionEnvironment.ENCRYPTION_KEYS,
  POINTS_METRICS_PORT: port().default(9103),
  /** Whose calendar says which day a check-in is for (P-02): the community's or the member's own. */
  CHECK_IN_CALENDAR: z.enum(['community', 'member']).default('community'),
  /** How often amnesties are applied, the ledger is sealed and checked, and members are reminded of the check-in. */
  POINTS_JOB_INTERVAL_MS: z.coerce.number().int().min(20).max(3_600_000).default(30_000),
  /** Adjustments by admins above this need another admin (P-09), who has so many hours to decide. */
  ADJUST_FOUR_EYES_POINTS: z.coerce.number().int().min(0).max(1_000_000_000).default(1_000),
  /** How often new records are counted by the velocity rules. */
  VELOCITY_INTERVAL_MS: z.coerce.number().int().min(50).max(3_600_000).default(5_000),
  ADJUST_REQUEST_HOURS: z.coerce.number().int().min(1).max(8_760).default(72),
  /** Points for an invitation that led to a membership (U-05): for who invited and for who came; 0 for none. */
  INVITER_REWARD_POINTS: z.coerce.number().int().min(0).max(1_000_000).default(50),
  INVITEE_REWARD_POINTS: z.coerce.number().int().min(0).max(1_000_000).default(20),
  /** The log of events that rules can name (P-06): so many rows at most besides 30 days, looked after so often. */
  RULE_LOG_ROWS_AT_MOST: z.coerce.number().int().min(1_000).max(100_000_000).default(2_000_000),
  RULE_LOG_CLEANUP_INTERVAL_MS: z.coerce.number().int().min(100).max(86_400_000).default(600_000),
  /** Of more events than these a dry run looks at the newest (P-06): its answer must come before its caller gives up. */
  RULE_DRY_RUN_EVENTS_AT_MOST: z.coerce.number().int().min(1_000).max(1_000_000).default(50_000),
  /** How long a change may wait until it is on the leaderboards (P-08). */
  LEADERBOARD_INTERVAL_MS: z.coerce.number().int().min(20).max(3_600_000).default(2_000),
});

export type PointsSettings = z.infer<typeof schema>;

export function readPointsSettings(environment?: NodeJS.ProcessEnv): PointsSettings {
  return loadConfiguration(schema, environment);
}
