import { badRequest } from './api.failure.js';
import { withFoundEntities } from './entity.finder.js';
import type { MethodInput } from './method.input.js';
import { parseHtml, type RichText } from './rich.text.js';
import type { MessageEntity } from './telegram.types.js';

export interface TextField {
  field: 'text' | 'caption';
  entitiesField: 'entities' | 'caption_entities';
  /** In characters, after parsing. */
  limit: number;
  tooLong: string;
}

export const messageText: TextField = {
  field: 'text',
  entitiesField: 'entities',
  limit: 4_096,
  tooLong: 'message is too long',
};
export const messageCaption: TextField = {
  field: 'caption',
  entitiesField: 'caption_entities',
  limit: 1_024,
  tooLong: 'message caption is too long',
};

/** Mark-up may make a source longer than its text, but not by more than this. */
const longestSource = 65_536;

/** Reads a text with its formatting from a call; throws 400 for broken mark-up and for more than the limit. */
export function readRichText(input: MethodInput, { field, entitiesField, limit, tooLong }: TextField): RichText {
  const source = (input.text(field) ?? '').replaceAll('\r', '');
  if (source.length > longestSource) {
    throw badRequest(tooLong);
  }
  const rich = parse(source, input.text('parse_mode') ?? '', input.list(entitiesField));
  if ([...rich.text].length > limit) {
    throw badRequest(tooLong);
  }
  return { text: rich.text, entities: withFoundEntities(rich.text, rich.entities) };
}

function parse(source: string, mode: string, entities: unknown[] | undefined): RichText {
  if (mode.toLowerCase() === 'html') {
    return parseHtml(source);
  }
  // The Markdown modes are not emulated: the platform writes HTML only, and half an emulation would hide mistakes.
  if (mode !== '' && mode.toLowerCase() !== 'none') {
    throw badRequest('unsupported parse_mode');
  }
  return { text: source.trim(), entities: (entities ?? []).map((entity) => checkEntity(entity, source.length)) };
}

function checkEntity(value: unknown, textLength: number): MessageEntity {
  const entity = (value ?? {}) as Partial<MessageEntity>;
  const { type, offset, length } = entity;
  const isSound = typeof type === 'string' && Number.isInteger(offset) && Number.isInteger(length);
  if (!isSound || Number(offset) < 0 || Number(length) < 1 || Number(offset) + Number(length) > textLength) {
    throw badRequest('entity is invalid');
  }
  return entity as MessageEntity;
}
