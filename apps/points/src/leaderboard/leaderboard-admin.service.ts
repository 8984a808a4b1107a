import { Controller } from '@nestjs/common';
import { LeaderboardRebuildRequested, RebuildLeaderboards, type HandledInputOf, type OutputOf } from '#contracts';
import { sqlTime } from '#database';
import { HandleCommand, requirePermission, type CommandContext } from '#messaging';

/** Lets the boards be made anew; the job does it at its next round, and goes on answering from the old ones until it is done. */
@Controller()
export class LeaderboardAdminService {
  @HandleCommand(RebuildLeaderboards)
  async rebuild(
    _input: HandledInputOf<typeof RebuildLeaderboards>,
    { tx, now, call, emit }: CommandContext,
  ): Promise<OutputOf<typeof RebuildLeaderboards>> {
    requirePermission(call, 'leaderboard.rebuild');
    await tx.execute('UPDATE leaderboard_state SET rebuild_requested_at = ? WHERE id = 1', [sqlTime(now)]);
    const facts = { requested_at: now.toISOString() };
    emit(LeaderboardRebuildRequested, facts);
    return facts;
  }
}
