import { Leaderboards1700000001800 } from '../migrations/1700000001800-leaderboards.js';
import { SnapshotHours1700000002610 } from '../migrations/1700000002610-snapshot-hours.js';
import { LeaderboardLeftovers1700000002612 } from '../migrations/1700000002612-leaderboard-leftovers.js';
import { LeaderboardAdminService } from './leaderboard-admin.service.js';
import { LeaderboardGroupService, LeaderboardMemberService } from './leaderboard-member.service.js';
import { LeaderboardQueryService } from './leaderboard-query.service.js';
import { LeaderboardSnapshotRecorder } from './leaderboard-snapshot.recorder.js';
import { LeaderboardStateStore } from './leaderboard-state.store.js';
import {
  LeaderboardGroupEntity,
  LeaderboardMemberEntity,
  LeaderboardSnapshotEntity,
  LeaderboardStateEntity,
} from './leaderboard.entity.js';
import { LeaderboardJob } from './leaderboard.job.js';
import { LeaderboardReader } from './leaderboard.source.js';
import { LeaderboardKeeper } from './leaderboard.worker.js';
import { LeaderboardWriter } from './leaderboard.writer.js';

/** Leaderboards (P-08). */
export const leaderboardParts = {
  controllers: [LeaderboardMemberService, LeaderboardGroupService, LeaderboardQueryService, LeaderboardAdminService],
  providers: [
    LeaderboardStateStore,
    LeaderboardWriter,
    LeaderboardReader,
    LeaderboardKeeper,
    LeaderboardSnapshotRecorder,
    LeaderboardJob,
  ],
  entities: [LeaderboardMemberEntity, LeaderboardGroupEntity, LeaderboardSnapshotEntity, LeaderboardStateEntity],
  migrations: [Leaderboards1700000001800, SnapshotHours1700000002610, LeaderboardLeftovers1700000002612],
};
