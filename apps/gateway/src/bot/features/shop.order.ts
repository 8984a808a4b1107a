import type { FeatureType } from '../menu.types.js';

export const shopFeatures: readonly FeatureType[] = [];
