import { read } from './server.js';

/** The page's own sentences, from locales/<language>/emulator.json. */

let texts = {};
let current = '';

export function language() {
  return current;
}

/** The sentence in the current language, `{name}` parts filled in. */
export function text(key, parameters = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => parameters[name] ?? whole);
}

/** Loads a language and puts its sentences into the page; returns whether anything changed. */
export async function useLanguage(wanted) {
  if (wanted === current) {
    return false;
  }
  texts = await read(`locales/${wanted}`);
  current = wanted;
  document.documentElement.lang = wanted;
  document.title = text('title');
  for (const node of document.querySelectorAll('[data-text]')) {
    node.textContent = text(node.dataset.text);
  }
  for (const [attribute, name] of [
    ['data-label', 'aria-label'],
    ['data-placeholder', 'placeholder'],
    ['data-title', 'title'],
  ]) {
    for (const node of document.querySelectorAll(`[${attribute}]`)) {
      node.setAttribute(name, text(node.getAttribute(attribute)));
    }
  }
  return true;
}

export function time(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString(current, { hour: '2-digit', minute: '2-digit' });
}

export function dateAndTime(value) {
  return new Date(value).toLocaleString(current, { dateStyle: 'short', timeStyle: 'short' });
}
