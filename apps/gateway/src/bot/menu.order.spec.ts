import { Composer } from 'telegraf';
import { describe, expect, it } from 'vitest';
import { withMember } from './bot.order.js';
import type { BotContext } from './bot.types.js';
import { defaultPermissionsOf } from '#contracts';
import { adminStatisticsEntry } from './features/admin.keyboard.js';
import { checkInEntry } from './features/check-in.keyboard.js';
import { consoleEntry } from './features/console.keyboard.js';
import { pointsEntry } from './features/points.keyboard.js';
import { registerEntry } from './features/register.keyboard.js';
import { MenuBook } from './menu.order.js';
import type { FeatureType, LooseCommand, MenuEntry, MenuState } from './menu.types.js';

const newcomer: MenuState = {
  permissions: [],
  membership: 'none',
  isMember: false,
  hasEmail: false,
  hasCheckedIn: false,
  hasMiniApp: false,
};

function feature(menu: readonly MenuEntry[], commands: readonly LooseCommand[] = []): FeatureType {
  return class {
    static readonly menu = menu;
    static readonly commands = commands;
    readonly composer = new Composer<BotContext>();
  };
}

describe('the menu that the features make together', () => {
  const book = new MenuBook(withMember);

  it('offers a newcomer what comes first, and a settled member only what is left', () => {
    const labels = (state: MenuState) => book.urgent(state).map(({ label }) => label);
    expect(labels(newcomer)).toEqual(['bot.buttons.register', 'bot.buttons.check_in', 'bot.buttons.bind']);
    const settled = { ...newcomer, membership: 'formal', isMember: true, hasEmail: true, hasCheckedIn: true } as const;
    expect(labels(settled)).toEqual([]);
    expect(labels({ ...settled, membership: 'expired', isMember: false })).toEqual(['bot.buttons.register']);
    expect(book.shown('membership', { ...settled, membership: 'permanent' })).not.toContain(registerEntry);
  });

  it('hides nothing because it is not known', () => {
    const unknown = { ...newcomer, membership: null, isMember: null, hasEmail: null, hasCheckedIn: null };
    expect(book.urgent(unknown)).toHaveLength(3);
    expect(book.shown('membership', unknown)).toContain(registerEntry);
  });

  it('has in the admin section what the role allows (U-13)', () => {
    expect(book.shown('admin', newcomer)).toEqual([]);
    const auditor = { ...newcomer, permissions: ['audit.read', 'statistics.read'] };
    expect(book.shown('admin', auditor)).toEqual([adminStatisticsEntry]);
    const everything = book.entries.filter(({ section }) => section === 'admin');
    const admin = { ...newcomer, permissions: defaultPermissionsOf('admin') };
    expect(book.shown('admin', admin)).toEqual(everything.filter((entry) => entry !== consoleEntry));
    const superAdmin = { ...newcomer, permissions: defaultPermissionsOf('super_admin') };
    expect(book.shown('admin', superAdmin)).toEqual(everything);
    expect(book.commandsIn(['private', 'group', 'group_admin']).map(({ name }) => name)).not.toContain('admin');
  });

  it('lists the commands in the order of the menu, the menu first and leaving last', () => {
    const names = book.commandsIn(['private']).map(({ name }) => name);
    expect(names[0]).toBe('menu');
    expect(names.at(-1)).toBe('cancel');
    expect(names.indexOf('register')).toBeLessThan(names.indexOf('checkin'));
    expect(names.length).toBeLessThanOrEqual(100);
  });

  it('knows which commands of a group are for this bot', () => {
    expect(book.isOursInGroups('checkin')).toBe(true);
    expect(book.isOursInGroups('help')).toBe(false);
    expect(book.worksInGroups('help')).toBe(true);
    expect(book.worksInGroups('bind')).toBe(false);
  });

  it('refuses two features with one command or one place', () => {
    const same = { ...pointsEntry, order: 15 };
    expect(() => new MenuBook([feature([pointsEntry, same])])).toThrow('command "points"');
    expect(() => new MenuBook([feature([pointsEntry]), feature([{ ...checkInEntry, order: 20 }])])).toThrow(
      'place "points 20"',
    );
    const loose = { name: 'points', description: 'bot.commands.points', scopes: [], order: 1 } as const;
    expect(() => new MenuBook([feature([pointsEntry], [loose])])).toThrow('command "points"');
  });
});
