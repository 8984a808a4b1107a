import type { FeatureType } from '../menu.types.js';

export const communityFeatures: readonly FeatureType[] = [];
