import type { FeatureType } from '../menu.types.js';
import { BindFeature } from './bind.feature.js';

export const verificationFeatures: readonly FeatureType[] = [BindFeature];
