import type { FeatureType } from '../menu.types.js';
import { GroupRegistrationFeature } from './group-registration.feature.js';
import { InviteFeature } from './invite.feature.js';
import { ProfileFeature } from './profile.feature.js';
import { RegisterFeature } from './register.feature.js';

export const membershipFeatures: readonly FeatureType[] = [
  ProfileFeature,
  RegisterFeature,
  InviteFeature,
  GroupRegistrationFeature,
];
