import type { FeatureType } from '../menu.types.js';

export const privacyFeatures: readonly FeatureType[] = [];
