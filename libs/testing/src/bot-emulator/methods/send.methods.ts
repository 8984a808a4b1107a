import { charge, chatOf, requireWritable } from '../access.check.js';
import { badRequest } from '../api.failure.js';
import type { EmulatorCore } from '../emulator.core.js';
import { type Markup, parseMarkup } from '../keyboard.parser.js';
import { messageCaption, messageText, readRichText } from '../message.content.js';
import type { MethodInput } from '../method.input.js';
import { UploadedFile } from '../request.body.js';
import type { ChatMessage, Message, StoredFile } from '../telegram.types.js';
import { type ChatRecord, toWire } from '../world.store.js';
import type { ApiMethod } from './api.method.js';

type Content = Pick<Message, 'text' | 'entities' | 'caption' | 'caption_entities' | 'photo' | 'document'>;

function send(core: EmulatorCore, input: MethodInput, method: string, content: Content): Message {
  const record = chatOf(core, input);
  const markup = parseMarkup(input.json('reply_markup'), record.chat.type);
  charge(core, method, record);
  requireWritable(core, record);
  const message = core.world.append(record, {
    from: core.bot,
    ...threadOf(record, input),
    ...repliedTo(record, input),
    ...content,
    ...markupFields(markup),
  });
  return toWire(message);
}

function markupFields(markup: Markup): Pick<ChatMessage, 'reply_markup' | 'keyboard'> {
  return {
    ...(markup.inline === undefined ? {} : { reply_markup: markup.inline }),
    ...(markup.reply === undefined ? {} : { keyboard: markup.reply }),
  };
}

function threadOf(record: ChatRecord, input: MethodInput): Pick<Message, 'message_thread_id' | 'is_topic_message'> {
  const thread = input.integer('message_thread_id');
  if (thread === undefined || thread === 0) {
    return {};
  }
  if (!record.topics.some((topic) => topic.message_thread_id === thread)) {
    throw badRequest('message thread not found');
  }
  return { message_thread_id: thread, is_topic_message: true };
}

function repliedTo(record: ChatRecord, input: MethodInput): Pick<Message, 'reply_to_message'> {
  const parameters = input.record('reply_parameters');
  const id = Number(parameters?.['message_id'] ?? input.integer('reply_to_message_id') ?? 0);
  if (id === 0) {
    return {};
  }
  const original = record.messages.find((message) => message.message_id === id);
  if (original !== undefined) {
    const { reply_to_message: _nested, ...wire } = toWire(original);
    return { reply_to_message: wire };
  }
  if (parameters?.['allow_sending_without_reply'] === true || input.boolean('allow_sending_without_reply')) {
    return {};
  }
  throw badRequest('message to be replied not found');
}

function sendMessage(core: EmulatorCore, input: MethodInput): Message {
  const { text, entities } = readRichText(input, messageText);
  if (text === '') {
    throw badRequest('message text is empty');
  }
  return send(core, input, 'sendMessage', { text, ...(entities.length === 0 ? {} : { entities }) });
}

/** Only what the file is called and how large it is gets stored. */
function fileOf(input: MethodInput, field: string): StoredFile {
  const value = input.values[field];
  const attached = typeof value === 'string' ? /^attach:\/\/(.+)$/.exec(value)?.[1] : undefined;
  const file = attached === undefined ? value : input.values[attached];
  if (file instanceof UploadedFile) {
    const { id, name, sizeBytes, type } = file;
    return { file_id: id, file_unique_id: id, file_size: sizeBytes, file_name: name, mime_type: type };
  }
  if (typeof file !== 'string' || file === '') {
    throw badRequest(`there is no ${field} in the request`);
  }
  return { file_id: file, file_unique_id: file };
}

function captionOf(input: MethodInput): Pick<Content, 'caption' | 'caption_entities'> {
  const { text, entities } = readRichText(input, messageCaption);
  return {
    ...(text === '' ? {} : { caption: text }),
    ...(entities.length === 0 ? {} : { caption_entities: entities }),
  };
}

function sendPhoto(core: EmulatorCore, input: MethodInput): Message {
  const photo = [{ ...fileOf(input, 'photo'), width: 320, height: 320 }];
  return send(core, input, 'sendPhoto', { photo, ...captionOf(input) });
}

function sendDocument(core: EmulatorCore, input: MethodInput): Message {
  return send(core, input, 'sendDocument', { document: fileOf(input, 'document'), ...captionOf(input) });
}

function sendChatAction(core: EmulatorCore, input: MethodInput): true {
  const record = chatOf(core, input);
  requireWritable(core, record);
  if (!/^(?:typing|(?:upload|record)_[a-z_]+|choose_sticker|find_location)$/.test(input.text('action') ?? '')) {
    throw badRequest('wrong parameter action in request');
  }
  return true;
}

export const sendMethods: Record<string, ApiMethod> = { sendMessage, sendPhoto, sendDocument, sendChatAction };
