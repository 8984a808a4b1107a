import { badRequest } from './api.failure.js';
import type { MessageEntity } from './telegram.types.js';

export interface RichText {
  text: string;
  entities: MessageEntity[];
}

interface OpenTag {
  name: string;
  type: string;
  offset: number;
  extra: Partial<MessageEntity>;
}

const entityTypes: Record<string, string> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  a: 'text_link',
  'tg-emoji': 'custom_emoji',
};
const namedCharacters: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const startTag = /<([a-z][a-z0-9-]*)((?:\s+[a-z-]+(?:=(?:"[^"]*"|'[^']*'|[\w.-]+))?)*)\s*>/iy;
const endTag = /<\/([a-z][a-z0-9-]*)?\s*>/iy;
const attribute = /([a-z-]+)(?:=(?:"([^"]*)"|'([^']*)'|([\w.-]+)))?/gi;
const characterReference = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot));/iy;

/** Reads `parse_mode: HTML` by Telegram's rules; an unknown, unclosed or crossed tag is 400 "can't parse entities". */
export function parseHtml(source: string): RichText {
  const open: OpenTag[] = [];
  const entities: MessageEntity[] = [];
  let text = '';
  let position = 0;
  while (position < source.length) {
    const character = source.charAt(position);
    if (character === '&') {
      const [decoded, length] = decodeReference(source, position);
      text += decoded;
      position += length;
    } else if (character !== '<') {
      text += character;
      position += 1;
    } else if (source.charAt(position + 1) === '/') {
      position += closeTag(source, position, open, entities, text);
    } else {
      position += openTag(source, position, open, text.length);
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) {
    throw unparsable(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
  }
  return trimmed(text, entities);
}

function openTag(source: string, position: number, open: OpenTag[], offset: number): number {
  startTag.lastIndex = position;
  const match = startTag.exec(source);
  if (match === null) {
    const name = /^<([a-z][a-z0-9-]*)/i.exec(source.slice(position, position + 40))?.[1] ?? '';
    throw name in entityTypes
      ? unparsable(`Unclosed start tag "${name}" at byte offset ${byteOffset(source, position)}`)
      : unparsable(`Unsupported start tag "${name}" at byte offset ${byteOffset(source, position)}`);
  }
  const name = (match[1] ?? '').toLowerCase();
  const attributes = readAttributes(match[2] ?? '');
  const type = entityTypes[name];
  if (type === undefined) {
    throw unparsable(`Unsupported start tag "${name}" at byte offset ${byteOffset(source, position)}`);
  }
  if (name === 'span' && attributes.get('class') !== 'tg-spoiler') {
    throw unparsable(`Tag "span" must have class "tg-spoiler" at byte offset ${byteOffset(source, position)}`);
  }
  open.push({ name, type, offset, extra: extraOf(name, attributes) });
  return match[0].length;
}

function extraOf(name: string, attributes: Map<string, string>): Partial<MessageEntity> {
  if (name === 'a') {
    return { url: attributes.get('href') ?? '' };
  }
  if (name === 'tg-emoji') {
    return { custom_emoji_id: attributes.get('emoji-id') ?? '' };
  }
  const language = /^language-(.+)$/.exec(attributes.get('class') ?? '')?.[1];
  return name === 'code' && language !== undefined ? { language } : {};
}

function closeTag(source: string, position: number, open: OpenTag[], entities: MessageEntity[], text: string): number {
  endTag.lastIndex = position;
  const match = endTag.exec(source);
  const top = open.pop();
  if (match === null || top === undefined) {
    throw unparsable(`Unexpected end tag at byte offset ${byteOffset(source, position)}`);
  }
  const found = (match[1] ?? top.name).toLowerCase();
  if (found !== top.name) {
    const where = byteOffset(source, position);
    throw unparsable(`Unmatched end tag at byte offset ${where}, expected "</${top.name}>", found "</${found}>"`);
  }
  addEntity(top, entities, text);
  return match[0].length;
}

function addEntity(tag: OpenTag, entities: MessageEntity[], text: string): void {
  const length = text.length - tag.offset;
  if (length === 0) {
    return;
  }
  const entity: MessageEntity = { type: tag.type, offset: tag.offset, length, ...tag.extra };
  if (tag.type === 'text_link') {
    entity.url = tag.extra.url || text.slice(tag.offset);
    // As at Telegram: a link that is none loses its formatting, not its text.
    if (!/^(?:https?|tg|ton):|^[\w-]+(?:\.[\w-]+)+(?:[/?#]|$)/i.test(entity.url)) {
      return;
    }
  }
  const inner = entities.at(-1);
  if (tag.type === 'pre' && inner?.type === 'code' && inner.offset === tag.offset && inner.length === length) {
    entities.pop();
    entity.language = inner.language;
  } else if (tag.type === 'code') {
    // A language belongs to a block; it is kept until the surrounding `pre` takes it over.
    entity.language = tag.extra.language;
  }
  entities.push(entity);
}

function readAttributes(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single, bare] of source.matchAll(attribute)) {
    attributes.set(name.toLowerCase(), decodeAll(double ?? single ?? bare ?? ''));
  }
  return attributes;
}

function decodeAll(source: string): string {
  let text = '';
  for (let position = 0; position < source.length;) {
    const [decoded, length] = decodeReference(source, position);
    text += decoded;
    position += length;
  }
  return text;
}

/** Returns the character meant at `position` and how much of the source it takes; unknown references stay as written. */
function decodeReference(source: string, position: number): [string, number] {
  characterReference.lastIndex = position;
  const match = characterReference.exec(source);
  if (match === null) {
    return [source.charAt(position), 1];
  }
  const [whole, decimal, hexadecimal, name] = match;
  if (name !== undefined) {
    return [namedCharacters[name.toLowerCase()] ?? whole, whole.length];
  }
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? [String.fromCodePoint(code), whole.length] : [whole, whole.length];
}

function trimmed(text: string, entities: MessageEntity[]): RichText {
  const result = text.trim();
  const shift = text.length - text.trimStart().length;
  const kept = entities.flatMap((entity) => {
    const start = Math.max(0, entity.offset - shift);
    const end = Math.min(result.length, entity.offset - shift + entity.length);
    const { language, ...rest } = entity;
    const placed = { ...rest, offset: start, length: end - start };
    return end > start ? [language !== undefined && entity.type === 'pre' ? { ...placed, language } : placed] : [];
  });
  return {
    text: result,
    entities: kept.sort((left, right) => left.offset - right.offset || right.length - left.length),
  };
}

function unparsable(reason: string): Error {
  return badRequest(`can't parse entities: ${reason}`);
}

function byteOffset(source: string, position: number): number {
  return Buffer.byteLength(source.slice(0, position));
}
