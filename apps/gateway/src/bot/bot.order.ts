import type { Type } from '@nestjs/common';
import type { BotFeature } from './bot.types.js';
import { AdminFeature } from './features/admin.feature.js';
import { ArrivalFeature } from './features/arrival.feature.js';
import { BindFeature } from './features/bind.feature.js';
import { CancelFeature } from './features/cancel.feature.js';
import { CheckInFeature } from './features/check-in.feature.js';
import { ConversationFeature } from './features/conversation.feature.js';
import { GroupFeature } from './features/group.feature.js';
import { InlineFeature } from './features/inline.feature.js';
import { InviteFeature } from './features/invite.feature.js';
import { LanguageFeature } from './features/language.feature.js';
import { MenuFeature } from './features/menu.feature.js';
import { PointsFeature } from './features/points.feature.js';
import { ProfileFeature } from './features/profile.feature.js';
import { RegisterFeature } from './features/register.feature.js';
import { StartFeature } from './features/start.feature.js';
import { TypedTextFeature } from './features/typed-text.feature.js';
import { UnhandledFeature } from './features/unhandled.feature.js';

/** Updates that need no member: they come first, and nobody is looked up for them. */
export const withoutMember: readonly Type<BotFeature>[] = [InlineFeature, ArrivalFeature];

/** The order in which the features see a member's update; the first that fits takes it. */
export const withMember: readonly Type<BotFeature>[] = [
  // Groups end here; below it is always the private chat.
  GroupFeature,
  // Before all commands and buttons, because each of them ends a conversation.
  CancelFeature,
  StartFeature,
  LanguageFeature,
  MenuFeature,
  RegisterFeature,
  InviteFeature,
  BindFeature,
  CheckInFeature,
  PointsFeature,
  ProfileFeature,
  AdminFeature,
  // Texts: first as an answer to what was asked, then as something recognisable.
  ConversationFeature,
  TypedTextFeature,
  // Takes everything: must be last.
  UnhandledFeature,
];
