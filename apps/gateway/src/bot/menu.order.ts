import {
  menuSections,
  type CommandScope,
  type CommandWord,
  type FeatureType,
  type MenuEntry,
  type MenuSection,
  type MenuState,
} from './menu.types.js';

const entriesPerSectionAtMost = 1_000;

/** Everything the features declare, in order. @throws Error when two features claim one command or one place in a section. */
export class MenuBook {
  readonly entries: readonly MenuEntry[];
  private readonly commands: readonly CommandWord[];

  constructor(features: readonly FeatureType[]) {
    this.entries = features.flatMap(({ menu = [] }) => menu).sort((one, other) => rankOf(one) - rankOf(other));
    const loose = features.flatMap(({ commands = [] }) => commands).sort((one, other) => one.order - other.order);
    const ofEntries = this.entries.flatMap(({ command }) => (command ? [command] : []));
    this.commands = [
      ...loose.filter(({ order }) => order < 0),
      ...ofEntries,
      ...loose.filter(({ order }) => order >= 0),
    ];
    refuseTwins(
      'command',
      this.commands.map(({ name }) => name),
    );
    refuseTwins(
      'place',
      this.entries.map((entry) => `${entry.section} ${entry.order}`),
    );
  }

  /** The entries of a section that fit the member's state. */
  shown(section: MenuSection, state: MenuState): readonly MenuEntry[] {
    return this.entries.filter((entry) => entry.section === section && isShown(entry, state));
  }

  /** What should be done first. */
  urgent(state: MenuState): readonly MenuEntry[] {
    return this.entries.filter((entry) => isShown(entry, state) && (entry.isUrgent?.(state) ?? false));
  }

  commandsIn(wanted: readonly CommandScope[]): readonly CommandWord[] {
    return this.commands.filter(({ scopes }) => scopes.some((scope) => wanted.includes(scope)));
  }

  /** Whether a group's message `/name`, addressed to no bot, is for this one. */
  isOursInGroups(name: string): boolean {
    return this.commands.some((command) => command.name === name && command.isOursInGroups === true);
  }

  /** Whether the command, given to this bot in a group, is answered there. */
  worksInGroups(name: string): boolean {
    return this.commands.some(
      ({ name: known, scopes }) => known === name && (scopes.includes('group') || scopes.includes('group_admin')),
    );
  }
}

function isShown(entry: MenuEntry, state: MenuState): boolean {
  return entry.isShown?.(state) ?? true;
}

function rankOf({ section, order }: MenuEntry): number {
  return menuSections.indexOf(section) * entriesPerSectionAtMost + order;
}

function refuseTwins(kind: string, names: readonly string[]): void {
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined) throw new Error(`two features of the bot have the ${kind} "${twin}"`);
}
