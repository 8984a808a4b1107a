import type { FeatureType } from '../menu.types.js';
import { FollowFeature } from './follow.feature.js';

export const communityFeatures: readonly FeatureType[] = [FollowFeature];
