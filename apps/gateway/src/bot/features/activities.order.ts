import type { FeatureType } from '../menu.types.js';
import { ActivityShowFeature } from './activity-show.feature.js';
import { ActivityFeature } from './activity.feature.js';
import { SubmitFeature } from './submit.feature.js';

export const activitiesFeatures: readonly FeatureType[] = [ActivityFeature, ActivityShowFeature, SubmitFeature];
