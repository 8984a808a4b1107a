import type { Type } from '@nestjs/common';
import type { BotFeature } from './bot.types.js';
import { activitiesFeatures } from './features/activities.order.js';
import { AdminCommandsFeature } from './features/admin-commands.feature.js';
import { adminFeatures } from './features/admin.order.js';
import { ArrivalFeature } from './features/arrival.feature.js';
import { CancelFeature } from './features/cancel.feature.js';
import { communityFeatures } from './features/community.order.js';
import { GroupFeature } from './features/group.feature.js';
import { InlineFeature } from './features/inline.feature.js';
import { InlineAnswerFeature } from './features/inline-answer.feature.js';
import { membershipFeatures } from './features/membership.order.js';
import { MiniAppFeature } from './features/mini-app.feature.js';
import { MenuFeature } from './features/menu.feature.js';
import { pointsFeatures } from './features/points.order.js';
import { privacyFeatures } from './features/privacy.order.js';
import { settingsFeatures } from './features/settings.order.js';
import { shopFeatures } from './features/shop.order.js';
import { RestoreFeature } from './features/restore.feature.js';
import { StartFeature } from './features/start.feature.js';
import { TypedTextFeature } from './features/typed-text.feature.js';
import { UnhandledFeature } from './features/unhandled.feature.js';
import { verificationFeatures } from './features/verification.order.js';
import type { FeatureType } from './menu.types.js';

/** Updates that need no member: they come first, and nobody is looked up for them. */
export const withoutMember: readonly Type<BotFeature>[] = [InlineFeature, ArrivalFeature];

/** The order in which the features see a member's update; the first that fits takes it. */
export const withMember: readonly FeatureType[] = [
  // Whose deletion is pending goes no further.
  RestoreFeature,
  // From groups only what a feature answers there goes further.
  GroupFeature,
  // Before all commands and buttons, because each of them ends a conversation.
  CancelFeature,
  AdminCommandsFeature,
  MiniAppFeature,
  StartFeature,
  MenuFeature,
  // In any order: each takes its own commands, buttons, links and answers.
  ...membershipFeatures,
  ...pointsFeatures,
  ...verificationFeatures,
  ...activitiesFeatures,
  ...shopFeatures,
  ...communityFeatures,
  ...privacyFeatures,
  ...settingsFeatures,
  ...adminFeatures,
  InlineAnswerFeature,
  // Texts that nobody asked for, as far as they are recognisable.
  TypedTextFeature,
  // Takes everything: must be last.
  UnhandledFeature,
];
