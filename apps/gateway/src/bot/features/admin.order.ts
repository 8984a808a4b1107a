import type { FeatureType } from '../menu.types.js';
import { AdminFeature } from './admin.feature.js';

export const adminFeatures: readonly FeatureType[] = [AdminFeature];
