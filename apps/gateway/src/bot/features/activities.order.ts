import type { FeatureType } from '../menu.types.js';

export const activitiesFeatures: readonly FeatureType[] = [];
