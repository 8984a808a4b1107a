import { badRequest } from '../api.failure.js';
import { chatOf } from '../access.check.js';
import type { BotCommand, EmulatorCore } from '../emulator.core.js';
import type { MethodInput } from '../method.input.js';
import type { ApiMethod } from './api.method.js';

type ProfileText = 'name' | 'description' | 'short_description';

const textLimits: Record<ProfileText, number> = { name: 64, description: 512, short_description: 120 };

/** Key of a command list: scope (with chat and user), and language ('' = every language without its own list). */
export function commandKey(scope: Record<string, unknown>, language: string): string {
  const parts = [scope['type'] ?? 'default', scope['chat_id'] ?? '', scope['user_id'] ?? ''];
  return `${parts.map(String).join(':')}|${language}`;
}

/** The commands a member sees in the private chat: the narrowest scope wins, and within it the member's language. */
export function commandsFor(core: EmulatorCore, memberId: number, language: string): BotCommand[] {
  const scopes = [{ type: 'chat', chat_id: memberId }, { type: 'all_private_chats' }, { type: 'default' }];
  const keys = scopes.flatMap((scope) => [commandKey(scope, language), commandKey(scope, '')]);
  const found = keys
    .map((key) => core.profile.commands[key])
    .find((commands) => commands !== undefined && commands.length > 0);
  return found ?? [];
}

/** The bot's name or description in the member's language. */
export function profileText(core: EmulatorCore, kind: ProfileText, language: string): string {
  const texts = core.profile.texts[kind];
  return texts[language] ?? texts[''] ?? (kind === 'name' ? (core.bot.username ?? '') : '');
}

function languageOf(input: MethodInput): string {
  const language = input.text('language_code') ?? '';
  if (language !== '' && !/^[a-z]{2}$/.test(language)) {
    throw badRequest('invalid language code specified');
  }
  return language;
}

function scopeOf(input: MethodInput): Record<string, unknown> {
  const scope = input.record('scope') ?? { type: 'default' };
  const known = [
    'default',
    'all_private_chats',
    'all_group_chats',
    'all_chat_administrators',
    'chat',
    'chat_administrators',
    'chat_member',
  ];
  if (!known.includes(String(scope['type']))) {
    throw badRequest("can't parse BotCommandScope: Unsupported type specified");
  }
  return scope;
}

function parseCommand(value: unknown): BotCommand {
  const { command, description } = (value ?? {}) as Record<string, unknown>;
  const name = typeof command === 'string' ? command.replace(/^\//, '') : '';
  if (!/^[a-z0-9_]{1,32}$/.test(name)) {
    throw badRequest('BOT_COMMAND_INVALID');
  }
  if (typeof description !== 'string' || description === '' || [...description].length > 256) {
    throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
  }
  return { command: name, description };
}

function setMyCommands(core: EmulatorCore, input: MethodInput): true {
  const commands = (input.list('commands') ?? []).map(parseCommand);
  if (commands.length > 100) {
    throw badRequest('BOT_COMMANDS_TOO_MUCH');
  }
  core.profile.commands[commandKey(scopeOf(input), languageOf(input))] = commands;
  return profileChanged(core);
}

function deleteMyCommands(core: EmulatorCore, input: MethodInput): true {
  delete core.profile.commands[commandKey(scopeOf(input), languageOf(input))];
  return profileChanged(core);
}

function setText(kind: ProfileText): ApiMethod {
  return (core, input) => {
    const text = input.text(kind) ?? '';
    if ([...text].length > textLimits[kind]) {
      throw badRequest(`${kind.replaceAll('_', ' ')} is too long`);
    }
    const language = languageOf(input);
    if (text === '') {
      delete core.profile.texts[kind][language];
    } else {
      core.profile.texts[kind][language] = text;
    }
    core.bot.first_name = profileText(core, 'name', '');
    return profileChanged(core);
  };
}

function getText(kind: ProfileText): ApiMethod {
  return (core, input) => ({ [kind]: profileText(core, kind, languageOf(input)) });
}

function setChatMenuButton(core: EmulatorCore, input: MethodInput): true {
  const button = input.record('menu_button') ?? { type: 'default' };
  if (!['default', 'commands', 'web_app'].includes(String(button['type']))) {
    throw badRequest("can't parse MenuButton: Unsupported type specified");
  }
  if (input.has('chat_id')) {
    chatOf(core, input).menuButton = button;
  } else {
    core.profile.menuButton = button;
  }
  return profileChanged(core);
}

function getChatMenuButton(core: EmulatorCore, input: MethodInput): unknown {
  const own = input.has('chat_id') ? chatOf(core, input).menuButton : undefined;
  return own ?? core.profile.menuButton ?? { type: 'commands' };
}

/** Pages show commands and the menu button in every private chat. */
function profileChanged(core: EmulatorCore): true {
  core.world.changed(0);
  return true;
}

export const profileMethods: Record<string, ApiMethod> = {
  getMe: (core) => ({
    ...core.bot,
    first_name: profileText(core, 'name', ''),
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: true,
    can_connect_to_business: false,
    has_main_web_app: false,
  }),
  setMyCommands,
  deleteMyCommands,
  getMyCommands: (core, input) => core.profile.commands[commandKey(scopeOf(input), languageOf(input))] ?? [],
  setMyName: setText('name'),
  getMyName: getText('name'),
  setMyDescription: setText('description'),
  getMyDescription: getText('description'),
  setMyShortDescription: setText('short_description'),
  getMyShortDescription: getText('short_description'),
  setChatMenuButton,
  getChatMenuButton,
};
