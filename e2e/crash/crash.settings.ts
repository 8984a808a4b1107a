/** Size and seed of the crash test. `CRASH_SEED` repeats a run; the others make it smaller or larger. */
export const crashSettings = {
  seed: Number(process.env['CRASH_SEED'] ?? Math.floor(Math.random() * 1_000_000)),
  memberCount: Number(process.env['CRASH_MEMBERS'] ?? 2_000),
  /** At least 8, so that streaks of seven days happen and end. */
  dayCount: Number(process.env['CRASH_DAYS'] ?? 8),
};
