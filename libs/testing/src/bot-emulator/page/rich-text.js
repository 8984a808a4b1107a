import { element } from './dom.js';

/** Turns a text with entities into nodes. Only the kinds listed here have an effect; links only by known protocols. */

const plainTags = {
  bold: 'strong',
  italic: 'em',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
};

/** `handlers`: command(text), address(text), copy(text), link(url) -> true when the page handles the link itself. */
export function richText(text, entities, handlers) {
  const sorted = [...(entities ?? [])].sort((left, right) => left.offset - right.offset || right.length - left.length);
  return nodesOf(text, 0, text.length, sorted, handlers);
}

function nodesOf(text, start, end, entities, handlers) {
  const nodes = [];
  let position = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const stop = Math.min(end, entity.offset + entity.length);
    index += 1;
    if (entity.offset < position || stop <= entity.offset) {
      continue;
    }
    nodes.push(text.slice(position, entity.offset));
    const inner = [];
    while (index < entities.length && entities[index].offset < stop) {
      inner.push(entities[index]);
      index += 1;
    }
    const children = nodesOf(text, entity.offset, stop, inner, handlers);
    nodes.push(nodeOf(entity, text.slice(entity.offset, stop), children, handlers));
    position = stop;
  }
  nodes.push(text.slice(position, end));
  return nodes.filter((node) => node !== '');
}

function nodeOf(entity, content, children, handlers) {
  const tag = plainTags[entity.type];
  if (tag === 'code' || tag === 'pre') {
    return copyable(tag, content, children, handlers);
  }
  if (tag !== undefined) {
    return element(tag, {}, ...children);
  }
  switch (entity.type) {
    case 'text_link':
      return link(entity.url, children, handlers);
    case 'url':
      return link(content, children, handlers);
    case 'bot_command':
      return element(
        'button',
        { type: 'button', className: 'inline-link', onclick: () => handlers.command(content) },
        ...children,
      );
    case 'email':
      return element(
        'button',
        { type: 'button', className: 'inline-link', onclick: () => handlers.address(content) },
        ...children,
      );
    case 'spoiler':
      return spoiler(children);
    default:
      return element(
        'span',
        { className: entity.type === 'hashtag' || entity.type === 'mention' ? 'tag' : '' },
        ...children,
      );
  }
}

function copyable(tag, content, children, handlers) {
  const node = element(tag, { tabIndex: 0, className: 'copyable', onclick: () => handlers.copy(content) }, ...children);
  node.setAttribute('role', 'button');
  node.onkeydown = (event) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      handlers.copy(content);
    }
  };
  return node;
}

function spoiler(children) {
  const node = element('button', { type: 'button', className: 'spoiler' }, ...children);
  node.onclick = () => node.classList.add('open');
  return node;
}

/** A link, or its bare text when the address is not one the page may open. */
export function link(address, children, handlers) {
  const url = safeUrl(address);
  if (url === undefined) {
    return element('span', {}, ...children);
  }
  const node = element('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, ...children);
  node.onclick = (event) => {
    if (handlers.link(url)) {
      event.preventDefault();
    }
  };
  return node;
}

export function safeUrl(address) {
  const full = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  if (!URL.canParse(full)) {
    return undefined;
  }
  return ['http:', 'https:', 'tg:'].includes(new URL(full).protocol) ? full : undefined;
}
