/** Small helpers around the DOM. Foreign text reaches the page only as text nodes, never as mark-up. */

export function byId(id) {
  return document.getElementById(id);
}

/** Creates an element; `properties` are set as properties, `data` as data attributes, children as nodes or text. */
export function element(tag, properties = {}, ...children) {
  const { data = {}, ...rest } = properties;
  const node = Object.assign(document.createElement(tag), rest);
  Object.assign(node.dataset, data);
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
}

let toastTimer;

/** Shows a line for a few seconds. */
export function toast(text) {
  const node = byId('toast');
  node.textContent = text;
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    node.hidden = true;
  }, 4000);
}

/** Shows a text that must be closed, as the bot's `show_alert` does. */
export function alertBox(text) {
  byId('alert-text').textContent = text;
  byId('alert').showModal();
}

const storePrefix = 'bot-emulator:';

/** Remembers small things over reloads; a browser without storage just forgets. */
export const memory = {
  get(key) {
    try {
      return localStorage.getItem(storePrefix + key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(storePrefix + key, value);
    } catch {
      // Private browsing: nothing to do.
    }
  },
};
