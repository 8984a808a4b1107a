import { badRequest } from './api.failure.js';
import type { ChatType, InlineButton, InlineKeyboard, ReplyButton, ReplyKeyboard } from './telegram.types.js';

export interface Markup {
  inline?: InlineKeyboard;
  reply?: ReplyKeyboard;
}

const inlineActions = [
  'callback_data',
  'url',
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat',
  'copy_text',
  'callback_game',
  'pay',
];

/** Checks a `reply_markup` as Telegram does and says which kind of keyboard it is; throws 400 in Telegram's words. */
export function parseMarkup(value: unknown, chatType: ChatType): Markup {
  if (value === undefined) {
    return {};
  }
  if (!isRecord(value)) {
    throw badRequest('object expected as reply markup');
  }
  if ('inline_keyboard' in value) {
    const rows = rowsOf(value['inline_keyboard'], 'inline keyboard', 100);
    const keyboard = rows.map((row) => row.map(parseInlineButton)).filter((row) => row.length > 0);
    return keyboard.length === 0 ? {} : { inline: { inline_keyboard: keyboard } };
  }
  if ('keyboard' in value) {
    const rows = rowsOf(value['keyboard'], 'keyboard', 300);
    return {
      reply: {
        ...replyOptions(value),
        keyboard: rows.map((row) => row.map((button) => parseReplyButton(button, chatType))),
      },
    };
  }
  if (value['remove_keyboard'] === true) {
    return { reply: { remove_keyboard: true } };
  }
  return value['force_reply'] === true ? { reply: { ...replyOptions(value), force_reply: true } } : {};
}

function rowsOf(value: unknown, what: string, limit: number): unknown[][] {
  if (!Array.isArray(value) || !value.every((row) => Array.isArray(row))) {
    throw badRequest(`can't parse ${what}: array of arrays of buttons expected`);
  }
  const rows = value as unknown[][];
  if (rows.reduce((sum, row) => sum + row.length, 0) > limit) {
    throw badRequest('reply markup is too long');
  }
  return rows;
}

function parseInlineButton(value: unknown): InlineButton {
  if (!isRecord(value) || typeof value['text'] !== 'string' || value['text'].trim() === '') {
    throw badRequest('can\'t parse inline keyboard button: field "text" must be a non-empty string');
  }
  const actions = inlineActions.filter((action) => value[action] !== undefined);
  if (actions.length === 0) {
    throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
  }
  if (actions.length > 1) {
    throw badRequest('inline keyboard button must have exactly one action');
  }
  const data = value['callback_data'];
  if (data !== undefined && (typeof data !== 'string' || data === '' || Buffer.byteLength(data) > 64)) {
    throw badRequest('BUTTON_DATA_INVALID');
  }
  if (value['url'] !== undefined && !isLink(value['url'], ['http:', 'https:', 'tg:', 'ton:'])) {
    throw badRequest(`inline keyboard button URL '${String(value['url'])}' is invalid: Wrong HTTP URL`);
  }
  checkWebApp(value, 'inline keyboard button');
  return { ...value, text: value['text'] };
}

function parseReplyButton(value: unknown, chatType: ChatType): ReplyButton {
  if (typeof value === 'string') {
    return { text: value };
  }
  if (!isRecord(value) || typeof value['text'] !== 'string' || value['text'] === '') {
    throw badRequest('can\'t parse keyboard button: field "text" must be a non-empty string');
  }
  if (value['request_contact'] === true && chatType !== 'private') {
    throw badRequest('phone number can be requested in private chats only');
  }
  checkWebApp(value, 'keyboard button');
  return { ...value, text: value['text'] };
}

function replyOptions(value: Record<string, unknown>): ReplyKeyboard {
  const placeholder = value['input_field_placeholder'];
  if (placeholder !== undefined && (typeof placeholder !== 'string' || [...placeholder].length > 64)) {
    throw badRequest('input field placeholder must be 1-64 characters');
  }
  return {
    ...(value['resize_keyboard'] === true ? { resize_keyboard: true } : {}),
    ...(value['one_time_keyboard'] === true ? { one_time_keyboard: true } : {}),
    ...(value['is_persistent'] === true ? { is_persistent: true } : {}),
    ...(typeof placeholder === 'string' ? { input_field_placeholder: placeholder } : {}),
  };
}

/** Telegram wants HTTPS; plain HTTP is let through for this machine only, because a Mini App is developed there. */
function checkWebApp(button: Record<string, unknown>, what: string): void {
  const app = button['web_app'];
  if (app === undefined) {
    return;
  }
  const url = isRecord(app) ? app['url'] : undefined;
  const isLocal = isLink(url, ['http:']) && /^http:\/\/(?:localhost|127\.0\.0\.1)[:/]/.test(`${String(url)}/`);
  if (!isLink(url, ['https:']) && !isLocal) {
    throw badRequest(`${what} Web App URL '${String(url)}' is invalid: Only HTTPS links are allowed`);
  }
}

function isLink(value: unknown, protocols: string[]): boolean {
  return typeof value === 'string' && URL.canParse(value) && protocols.includes(new URL(value).protocol);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
