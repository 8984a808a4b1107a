import { chatOf, requireWritable } from '../access.check.js';
import { badRequest } from '../api.failure.js';
import type { EmulatorCore } from '../emulator.core.js';
import { parseMarkup } from '../keyboard.parser.js';
import { messageText, readRichText } from '../message.content.js';
import type { MethodInput } from '../method.input.js';
import type { ChatMessage, InlineKeyboard, Message } from '../telegram.types.js';
import { type ChatRecord, toWire } from '../world.store.js';
import type { ApiMethod } from './api.method.js';

const deletableSeconds = 48 * 3_600;
const notModified =
  'message is not modified: specified new message content and reply markup are exactly the same as ' +
  'a current content and reply markup of the message';

function findMessage(record: ChatRecord, input: MethodInput, purpose: string): ChatMessage {
  const id = input.requiredInteger('message_id', 'message identifier is not specified');
  const message = record.messages.find((candidate) => candidate.message_id === id);
  if (message === undefined) {
    throw badRequest(`message to ${purpose} not found`);
  }
  return message;
}

function editable(core: EmulatorCore, input: MethodInput): { record: ChatRecord; message: ChatMessage } {
  const record = chatOf(core, input);
  requireWritable(core, record);
  const message = findMessage(record, input, 'edit');
  if (message.from?.id !== core.bot.id) {
    throw badRequest("message can't be edited");
  }
  return { record, message };
}

function inlineKeyboard(record: ChatRecord, input: MethodInput): InlineKeyboard | undefined {
  const markup = parseMarkup(input.json('reply_markup'), record.chat.type);
  if (markup.reply !== undefined) {
    throw badRequest('inline keyboard expected');
  }
  return markup.inline;
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left ?? null) === JSON.stringify(right ?? null);
}

function editMessageText(core: EmulatorCore, input: MethodInput): Message {
  const rich = readRichText(input, messageText);
  const { record, message } = editable(core, input);
  if (rich.text === '') {
    throw badRequest('message text is empty');
  }
  if (message.text === undefined) {
    throw badRequest('there is no text in the message to edit');
  }
  const entities = rich.entities.length === 0 ? undefined : rich.entities;
  const keyboard = inlineKeyboard(record, input);
  if (message.text === rich.text && isSame(message.entities, entities) && isSame(message.reply_markup, keyboard)) {
    throw badRequest(notModified);
  }
  message.text = rich.text;
  setOptional(message, 'entities', entities);
  setOptional(message, 'reply_markup', keyboard);
  message.edit_date = core.seconds();
  core.world.touch(record, message);
  return toWire(message);
}

function editMessageReplyMarkup(core: EmulatorCore, input: MethodInput): Message {
  const { record, message } = editable(core, input);
  const keyboard = inlineKeyboard(record, input);
  if (isSame(message.reply_markup, keyboard)) {
    throw badRequest(notModified);
  }
  setOptional(message, 'reply_markup', keyboard);
  core.world.touch(record, message);
  return toWire(message);
}

function setOptional<K extends 'entities' | 'reply_markup'>(
  message: ChatMessage,
  field: K,
  value: ChatMessage[K],
): void {
  if (value === undefined) {
    delete message[field];
  } else {
    message[field] = value;
  }
}

function deleteMessage(core: EmulatorCore, input: MethodInput): true {
  const record = chatOf(core, input);
  const message = findMessage(record, input, 'delete');
  const isForeign = record.chat.type !== 'private' && message.from?.id !== core.bot.id;
  if (core.seconds() - message.date > deletableSeconds || (isForeign && !core.isBotAdmin(record))) {
    throw badRequest("message can't be deleted");
  }
  record.messages.splice(record.messages.indexOf(message), 1);
  core.world.changed(record.chat.id);
  return true;
}

export const editMethods: Record<string, ApiMethod> = { editMessageText, editMessageReplyMarkup, deleteMessage };
