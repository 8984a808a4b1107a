import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  defaultPermissionsOf,
  GetAdminActivity,
  GetBroadcast,
  GetOrder,
  GetRule,
  GetRuleSwitch,
  ListAdjustments,
  ListAdminActivities,
  ListAllExchanges,
  ListAmnesties,
  ListBroadcasts,
  ListEmailBlacklist,
  ListParticipants,
  ListRules,
  ListSubmittedContents,
  ListVelocityAlarms,
  type PermissionName,
} from '#contracts';
import type { EmulatedMember } from '#testing/bot-emulator';
import {
  activity,
  adjustment,
  alarm,
  amnesty,
  at,
  draft,
  item,
  listed,
  order,
  rule,
  work,
} from './admin-screens.fixture.js';
import { BotWorld } from './bot-world.fixture.js';

const reading: readonly PermissionName[] = [
  'content.read',
  'activity.read',
  'rule.read',
  'broadcast.read',
  'adjustment.read',
  'velocity.read',
  'email_blacklist.read',
  'order.read',
  'exchange.read',
  'amnesty.read',
  'user.read',
];

interface Opened {
  readonly open: string;
  readonly shows: RegExp;
}

const works: Opened = { open: '1:a_works', shows: /Armour/ };
/** The card of a member, where each button has a right of its own. */
const card: Opened = { open: '1:a_card:1', shows: /Olga[\s\S]*Active/ };

/** Each screen: what opens it, what only a decider sees there, and what old buttons of it hold. */
const screens = [
  {
    title: 'works to review',
    ...works,
    right: 'content.decide',
    deciding: [/^1:a_work_(?:yes|no):/],
    old: ['1:a_work_yes:7:10', '1:a_work_no:7'],
  },
  {
    title: 'an activity',
    open: '1:a_act:7',
    shows: /Photo walk/,
    right: 'activity.manage',
    deciding: [/^1:a_act_state:/, /^1:a_act_cancel:/],
    old: ['1:a_act_state:7:closed', '1:a_act_cancel:7'],
  },
  {
    title: 'who took part',
    open: '1:a_act_people:7:1',
    shows: /who took part/,
    right: 'participation.decide',
    deciding: [/^1:a_act_(?:yes|no):/],
    old: ['1:a_act_yes:7:1', '1:a_act_no:7:1'],
  },
  {
    title: 'the rules',
    open: '1:a_rules',
    shows: /Choose one/,
    right: 'rule.switch_all',
    deciding: [/^1:a_rules_set:/],
    old: ['1:a_rules_set:0'],
  },
  {
    title: 'a rule',
    open: '1:a_rule:7',
    shows: /Photo walk/,
    right: 'rule.manage',
    deciding: [/^1:a_rule_set:/, /^1:a_rule_ask:/],
    old: ['1:a_rule_set:7:1', '1:a_rule_ask:7', '1:a_rule_del:7'],
  },
  {
    title: 'broadcasts',
    open: '1:a_casts',
    shows: /Meeting/,
    right: 'broadcast.write',
    deciding: [/^1:a_cast_new/],
    old: ['1:a_cast_new'],
  },
  {
    title: 'the text of a broadcast',
    open: '1:a_cast:7',
    shows: /Meeting/,
    right: 'broadcast.write',
    deciding: [/^1:a_cast_text:/, /^1:a_cast_who:/, /^1:a_cast_time:/, /^1:a_cast_test:/],
    old: ['1:a_cast_text:7:en', '1:a_cast_who:7', '1:a_cast_set:7:language:en', '1:a_cast_time:7', '1:a_cast_test:7'],
  },
  {
    title: 'the sending of a broadcast',
    open: '1:a_cast:7',
    shows: /Meeting/,
    right: 'broadcast.send',
    deciding: [/^1:a_cast_stop:/],
    old: ['1:a_cast_stop:7', '1:a_cast_do:7:cancel', '1:a_cast_go:7:3:0123456789abcdef'],
  },
  {
    title: 'adjustments that wait',
    open: '1:a_pending',
    shows: /first prize/,
    right: 'adjustment.decide',
    deciding: [/^1:a_(?:approve|reject):/],
    old: ['1:a_approve:7', '1:a_reject:7'],
  },
  {
    title: 'an alarm of points',
    open: '1:a_alarm:7:open:1',
    shows: /in an hour[\s\S]*nobody has looked/,
    right: 'velocity.decide',
    deciding: [/^1:a_alarm_take:/, /^1:a_alarm_close:/],
    old: ['1:a_alarm_take:7', '1:a_alarm_close:7'],
  },
  {
    title: 'the mail blacklist',
    open: '1:a_blacks',
    shows: /get no code/,
    right: 'email_blacklist.manage',
    deciding: [/^1:a_black_new:/],
    old: ['1:a_black_new:domain', '1:a_black_ask:7:1', '1:a_black_del:7', '1:a_black_ok:1'],
  },
  {
    title: 'an order of the shop',
    open: '1:a_ord:7',
    shows: /Photo walk[\s\S]*nobody has begun/,
    right: 'order.move',
    deciding: [/^1:a_ord_do:7:completed/, /^1:a_ord_do:7:cancelled/],
    old: ['1:a_ord_do:7:completed', '1:a_ord_do:7:cancelled', '1:a_ord_plain:7'],
  },
  {
    title: 'an item of the shop',
    open: '1:a_item:7:1',
    shows: /Photo walk[\s\S]*on the shelf/,
    right: 'exchange.manage',
    deciding: [/^1:a_item_set:/, /^1:a_item_stock:/],
    old: ['1:a_item_set:7:1:0', '1:a_item_stock:7:1'],
  },
  {
    title: 'days that are forgiven',
    open: '1:a_amn:7:1',
    shows: /the bot was down/,
    right: 'amnesty.declare',
    deciding: [/^1:a_amn_undo:/],
    old: ['1:a_amn_new', '1:a_amn_undo:7', '1:a_amn_ok:1'],
  },
  {
    title: 'the membership of a member',
    ...card,
    right: 'membership.grant',
    deciding: [/^1:a_grant:/],
    old: ['1:a_grant:1', '1:a_plan:1:month', '1:a_days:1', '1:a_grant_ok:1'],
  },
  {
    title: 'the points of a member',
    ...card,
    right: 'adjustment.request',
    deciding: [/^1:a_points:/],
    old: ['1:a_points:1', '1:a_points_ok:1'],
  },
  {
    title: 'the ban of a member',
    ...card,
    right: 'user.ban',
    deciding: [/^1:a_ban:/],
    old: ['1:a_ban:1:ban', '1:a_ban:1:unban', '1:a_ban_ok:1'],
  },
  {
    title: 'what happened to a member',
    ...card,
    right: 'audit.read',
    deciding: [/^1:a_history:/],
    old: ['1:a_history:1'],
  },
] satisfies { title: string; right: PermissionName; [field: string]: unknown }[];

describe('buttons for whose role has the right (B-04, U-13)', () => {
  let world: BotWorld;
  let olga: EmulatedMember;

  beforeEach(async () => {
    world = await BotWorld.start({ webhook: true });
    olga = world.emulator.member({ first_name: 'Olga', language_code: 'en' });
    world.platform.add(olga.id, 'Olga', 'en', { role: 'operator' });
    const only = <Item>(item: Item) => ({ items: [item], page: 1, page_size: 6, total: 1 });
    world.platform.answerWith(ListSubmittedContents, () => only(work));
    world.platform.answerWith(ListAdminActivities, () => only(activity));
    world.platform.answerWith(GetAdminActivity, () => activity);
    world.platform.answerWith(ListParticipants, () =>
      only({
        status: 'joined' as const,
        joined_at: at,
        requested_at: at,
        completed_at: null,
        points: null,
        reason: null,
        user_id: 1,
        note: null,
      }),
    );
    world.platform.answerWith(ListRules, () => only(rule));
    world.platform.answerWith(GetRule, () => rule);
    world.platform.answerWith(GetRuleSwitch, () => ({ on: true, reason: null, changed_at: at }));
    world.platform.answerWith(ListBroadcasts, () => only(draft));
    world.platform.answerWith(GetBroadcast, () => draft);
    world.platform.answerWith(ListAdjustments, () => only(adjustment));
    world.platform.answerWith(ListVelocityAlarms, () => only(alarm));
    world.platform.answerWith(ListEmailBlacklist, () => only(listed));
    world.platform.answerWith(GetOrder, () => order);
    world.platform.answerWith(ListAllExchanges, () => only(item));
    world.platform.answerWith(ListAmnesties, () => only(amnesty));
    // Bots may write to those only who have written to them.
    await olga.start();
    await olga.waitForMessage(/Good to see you again/);
  });
  afterEach(() => world.stop());

  /** Presses a button of a message that is not there any more: the answer comes as a new one. */
  async function dataShown(chat: EmulatedMember, { open, shows }: Opened): Promise<string[]> {
    await world.press(chat.user, 1_000_000, chat.id, open);
    const shown = await chat.waitForMessage(shows);
    return (shown.reply_markup?.inline_keyboard.flat() ?? []).map(({ callback_data: data = '' }) => data);
  }

  async function changeRights(permissions: readonly PermissionName[]): Promise<void> {
    world.platform.allow('operator', permissions);
    await world.forgetCache();
  }

  it('shows what may be read without the buttons that decide, and refuses old ones', async () => {
    await changeRights(reading);
    for (const screen of screens) {
      const { deciding, old, title } = screen;
      const data = await dataShown(olga, screen);
      expect(data.length, title).toBeGreaterThan(0);
      expect(
        data.filter((one) => deciding.some((pattern) => pattern.test(one))),
        title,
      ).toEqual([]);
      for (const button of old) {
        await world.press(olga.user, 1_000_000, olga.id, button);
        await olga.waitForMessage(/not allowed/);
      }
    }
    expect(world.platform.handled).toEqual([]);
  });

  it('refuses the keys to the console to who has lost them, from the card of a member and from their own', async () => {
    await changeRights(reading);
    const data = await dataShown(olga, card);
    expect(data.filter((one) => one.startsWith('1:a_console'))).toEqual([]);
    for (const button of [
      '1:a_console:1',
      '1:a_console_new:1',
      '1:a_console_ask:1:close',
      '1:a_console_do:1:close:1',
    ]) {
      await world.press(olga.user, 1_000_000, olga.id, button);
      await olga.waitForMessage(/not allowed/);
    }
    expect(world.platform.handled).toEqual([]);
  });

  it('shows each button to who has its right, and to nobody for another right', async () => {
    const theirs = {
      operator: [
        'content.decide',
        'participation.decide',
        'rule.manage',
        'broadcast.write',
        'adjustment.decide',
        'order.move',
        'amnesty.declare',
        'membership.grant',
        'user.ban',
      ],
      vip: [
        'activity.manage',
        'rule.switch_all',
        'broadcast.send',
        'velocity.decide',
        'email_blacklist.manage',
        'exchange.manage',
        'adjustment.request',
        'audit.read',
      ],
    } as const satisfies Record<string, PermissionName[]>;
    const vera = world.emulator.member({ first_name: 'Vera', language_code: 'en' });
    world.platform.add(vera.id, 'Vera', 'en', { role: 'vip' });
    await vera.start();
    world.platform.allow('vip', [...reading, ...theirs.vip]);
    await changeRights([...reading, ...theirs.operator]);
    for (const [chat, role] of [
      [olga, 'operator'],
      [vera, 'vip'],
    ] as const) {
      const rights: readonly string[] = theirs[role];
      for (const screen of screens) {
        const { deciding, right, title } = screen;
        const data = await dataShown(chat, screen);
        const shown = deciding.map((pattern) => data.some((one) => pattern.test(one)));
        expect(shown, `${title} to ${role}`).toEqual(deciding.map(() => rights.includes(right)));
      }
    }
  });

  it('believes the newest policy on a role, not the profile that was kept a minute ago', async () => {
    await dataShown(olga, card);
    world.platform.changeRole(world.platform.member(olga.id), 'member');
    // A gateway that has just started asks for the policy; the profile lies in the cache still.
    for (const gateway of [...world.replicas]) await world.stopGateway(gateway);
    await world.startGateway();
    await world.press(olga.user, 1_000_000, olga.id, '1:a_card:1');
    await olga.waitForMessage(/no longer works/);
    expect(world.platform.handled).toEqual([]);
  });

  it('takes no answer to a question that was asked before the right was lost', async () => {
    await changeRights([...reading, 'content.decide']);
    await dataShown(olga, works);
    await world.press(olga.user, 1_000_000, olga.id, '1:a_work_no:7');
    await olga.waitForMessage(/Why not/);
    world.platform.allow('operator', reading);
    for (const gateway of [...world.replicas]) await world.stopGateway(gateway);
    await world.startGateway();
    await olga.send('too short');
    await olga.waitForMessage(/not allowed/);
    expect(world.platform.handled).toEqual([]);
  });
});

it('lets admins do all of this where nobody has changed their role (U-13)', () => {
  const admin = defaultPermissionsOf('admin');
  expect(screens.map(({ right }) => admin.includes(right))).not.toContain(false);
});
