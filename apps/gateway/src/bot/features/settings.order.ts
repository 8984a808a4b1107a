import type { FeatureType } from '../menu.types.js';
import { LanguageFeature } from './language.feature.js';
import { SessionsFeature } from './sessions.feature.js';
import { SettingsFeature } from './settings.feature.js';
import { StepUpFeature } from './step-up.feature.js';

export const settingsFeatures: readonly FeatureType[] = [
  LanguageFeature,
  SettingsFeature,
  SessionsFeature,
  StepUpFeature,
];
