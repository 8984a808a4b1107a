import type { FeatureType } from '../menu.types.js';
import { DataFeature } from './data.feature.js';
import { DeleteFeature } from './delete.feature.js';
import { TermsFeature } from './terms.feature.js';

export const privacyFeatures: readonly FeatureType[] = [DataFeature, TermsFeature, DeleteFeature];
