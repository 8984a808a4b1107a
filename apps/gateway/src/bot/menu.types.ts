import type { Type } from '@nestjs/common';
import type { z } from 'zod';
import type { MembershipState } from '#contracts';
import type { TextKey, TextParams } from '#i18n';
import type { BotFeature } from './bot.types.js';
import type { CallbackData } from './callback.data.js';

/** A sentence that takes no parameters. */
export type PlainTextKey = { [Key in TextKey]: keyof TextParams[Key] extends never ? Key : never }[TextKey];

/** The parts of the main menu, in their order. */
export const menuSections = ['membership', 'points', 'activities', 'community', 'settings', 'help', 'admin'] as const;
export type MenuSection = (typeof menuSections)[number];

/** What is known of a member when a menu is made; null where it cannot be had right now, which shows the entry. */
export interface MenuState {
  /** What the member's role allows (U-13). */
  readonly permissions: readonly string[];
  readonly membership: MembershipState | null;
  /** Whether the membership runs: trial, formal or permanent. */
  readonly isMember: boolean | null;
  readonly hasEmail: boolean | null;
  readonly hasCheckedIn: boolean | null;
  /** Whether the platform's page can be opened from here. */
  readonly hasMiniApp: boolean;
}

/**
 * Where a command is offered and answered: in the private chat, in groups by everybody, in groups by their administrators, in the
 * private chat of the platform's admins.
 */
export type CommandScope = 'private' | 'group' | 'group_admin' | 'admin';

export interface CommandWord {
  readonly name: string;
  readonly description: PlainTextKey;
  readonly scopes: readonly CommandScope[];
  /** In groups it is answered also when it names no bot; leave it out for words that other bots have too. */
  readonly isOursInGroups?: boolean;
}

/** A command without a button; `order` is its place before (below 0) or after the commands of the menu. */
export interface LooseCommand extends CommandWord {
  readonly order: number;
}

/** One thing a member can open, as its feature declares it: the menu, its sections and the command lists are made of these. */
export interface MenuEntry {
  readonly section: MenuSection;
  /** Place inside the section, by tens. */
  readonly order: number;
  readonly label: PlainTextKey;
  /** What it is called instead for members in this state. */
  readonly labelFor?: (state: MenuState) => PlainTextKey;
  readonly press: CallbackData<z.ZodObject<Record<never, never>>>;
  readonly command?: CommandWord;
  /** Default: always. */
  readonly isShown?: (state: MenuState) => boolean;
  /** While it holds, the entry stands on the menu's first page, and `hint` above it. */
  readonly isUrgent?: (state: MenuState) => boolean;
  readonly hint?: (state: MenuState) => PlainTextKey;
  /** Also stands below the input field: for the very few things that are wanted every day. */
  readonly isQuickKey?: boolean;
}

/** A feature's class with what it adds to the menu and to the command lists. */
export type FeatureType = Type<BotFeature> & {
  readonly menu?: readonly MenuEntry[];
  readonly commands?: readonly LooseCommand[];
};
