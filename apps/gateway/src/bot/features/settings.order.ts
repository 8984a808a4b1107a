import type { FeatureType } from '../menu.types.js';
import { LanguageFeature } from './language.feature.js';

export const settingsFeatures: readonly FeatureType[] = [LanguageFeature];
