import type { FeatureType } from '../menu.types.js';
import { BindFeature } from './bind.feature.js';
import { EmailCodeFeature } from './email-code.feature.js';
import { PhoneFeature } from './phone.feature.js';

export const verificationFeatures: readonly FeatureType[] = [BindFeature, EmailCodeFeature, PhoneFeature];
