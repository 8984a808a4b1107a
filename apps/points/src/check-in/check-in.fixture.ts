import { makeupCardsAtStart, type CheckInState } from './check-in.rules.js';
import { noSteps } from './streak.rules.js';

/** Somebody who has never checked in. */
export const newcomer: CheckInState = {
  day: null,
  streakDays: 0,
  rewarded: noSteps,
  totalDays: 0,
  timezone: null,
  nextAt: null,
  makeupCards: makeupCardsAtStart,
};
