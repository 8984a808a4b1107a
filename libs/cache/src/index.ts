export * from './cache.js';
export { openCache, type CacheOptions } from './cache.opener.js';
export {
  openScoreSets,
  scoreChangesAtMost,
  type Neighbours,
  type ScoreChange,
  type ScoredMember,
  type ScoreSets,
  type ScorePage,
  type Standing,
} from './score.sets.js';
