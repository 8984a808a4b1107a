import type { MessageEntity } from './telegram.types.js';

const patterns: Array<[type: string, pattern: RegExp]> = [
  ['url', /https?:\/\/[^\s<>"']{1,2000}/gu],
  ['email', /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/gu],
  ['bot_command', /(?<![\w/])\/[a-zA-Z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])/gu],
  ['mention', /(?<![\w@.])@\w{4,32}/gu],
  ['hashtag', /(?<![\w#&])#[\p{L}\p{N}_]{1,64}/gu],
];

/** Adds what Telegram finds by itself in a text (commands, links, addresses, mentions, tags) where nothing is marked yet. */
export function withFoundEntities(text: string, marked: MessageEntity[] = []): MessageEntity[] {
  const found = [...marked];
  for (const [type, pattern] of patterns) {
    for (const match of text.matchAll(pattern)) {
      const value = type === 'url' ? match[0].replace(/[.,;:!?)\]}]+$/u, '') : match[0];
      const entity = { type, offset: match.index, length: value.length };
      if (!found.some((other) => isTaken(other, entity))) {
        found.push(entity);
      }
    }
  }
  return found.sort((left, right) => left.offset - right.offset || right.length - left.length);
}

const transparent = new Set(['bold', 'italic', 'underline', 'strikethrough', 'spoiler', 'blockquote']);

function isTaken(other: MessageEntity, entity: MessageEntity): boolean {
  const overlaps = other.offset < entity.offset + entity.length && entity.offset < other.offset + other.length;
  return overlaps && !transparent.has(other.type);
}
