import { byId, element } from './dom.js';
import { messageNode } from './message.view.js';
import { language, text } from './texts.js';

/** Draws the open chat. Messages that did not change keep their node, so that focus and selection stay. */
export class ChatView {
  constructor(handlers) {
    this.handlers = handlers;
    this.drawn = new Map();
    this.key = '';
    this.isKeyboardHidden = false;
    byId('keyboard-button').onclick = () => this.toggleKeyboard();
    byId('app-button').onclick = () => this.handlers.openApp(this.appUrl);
  }

  draw(view) {
    const isPrivate = view.chat.type === 'private';
    byId('chat-name').textContent = isPrivate ? view.bot.name : view.chat.title;
    byId('chat-status').textContent = isPrivate ? `@${view.bot.username}` : text('group');
    this.drawMessages(view, isPrivate);
    this.drawBottom(view, isPrivate);
  }

  clear() {
    this.key = '';
    this.drawn.clear();
    byId('messages').replaceChildren(element('p', { className: 'empty' }, text('no_member')));
    byId('chat-name').textContent = text('title');
    byId('chat-status').textContent = '';
    byId('composer').hidden = true;
  }

  drawMessages(view, isPrivate) {
    const list = byId('messages');
    const key = `${view.member.id}:${view.chat.id}:${language()}`;
    const isOther = key !== this.key;
    const isAtEnd = isOther || list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    if (isOther) {
      this.drawn.clear();
      this.key = key;
    }
    const kept = new Map();
    for (const message of view.messages) {
      const known = this.drawn.get(message.message_id);
      const options = { memberId: view.member.id, isGroup: !isPrivate, handlers: this.handlers };
      const isSame = known !== undefined && known.revision === message.revision;
      kept.set(
        message.message_id,
        isSame ? known : { revision: message.revision, node: messageNode(message, options) },
      );
    }
    this.drawn = kept;
    const nodes = [...kept.values()].map(({ node }) => node);
    place(list, nodes.length > 0 ? nodes : [emptyNode(view)]);
    if (isAtEnd) {
      list.scrollTop = list.scrollHeight;
    }
  }

  drawBottom(view, isPrivate) {
    const { started, blocked } = view.member;
    const canWrite = !isPrivate || (started && !blocked);
    byId('composer').hidden = !canWrite;
    byId('start-button').hidden = !isPrivate || started || blocked;
    byId('unblock-button').hidden = !isPrivate || !blocked;
    byId('command-button').hidden = view.commands.length === 0;
    this.drawMenuButton(isPrivate ? view.menu_button : null);
    byId('input').placeholder = view.keyboard?.input_field_placeholder ?? text('message');
    const signature = JSON.stringify(view.keyboard);
    if (signature !== this.keyboardSignature) {
      this.keyboardSignature = signature;
      this.isKeyboardHidden = false;
      byId('keyboard').replaceChildren(
        ...keyboardRows(view.keyboard, (button) => this.pressKey(button, view.keyboard)),
      );
    }
    this.hasKeyboard = canWrite && (view.keyboard?.keyboard?.length ?? 0) > 0;
    this.showKeyboard();
  }

  /** Telegram's own button beside the input field, where the bot has made it open a Mini App. */
  drawMenuButton(menuButton) {
    this.appUrl = menuButton?.web_app?.url;
    byId('app-button').textContent = menuButton?.text ?? '';
    byId('app-button').hidden = this.appUrl === undefined;
  }

  pressKey(button, keyboard) {
    if (keyboard.one_time_keyboard === true) {
      this.isKeyboardHidden = true;
      this.showKeyboard();
    }
    this.handlers.key(button);
  }

  toggleKeyboard() {
    this.isKeyboardHidden = !this.isKeyboardHidden;
    this.showKeyboard();
  }

  showKeyboard() {
    const button = byId('keyboard-button');
    button.hidden = !this.hasKeyboard;
    button.setAttribute('aria-expanded', String(!this.isKeyboardHidden));
    byId('keyboard').hidden = !this.hasKeyboard || this.isKeyboardHidden;
  }
}

/** Puts exactly these nodes into the list, touching only what differs. */
function place(list, nodes) {
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) {
      list.insertBefore(node, list.children[index] ?? null);
    }
  });
  while (list.children.length > nodes.length) {
    list.lastElementChild.remove();
  }
}

function emptyNode(view) {
  const description = view.bot.description === '' ? text('empty_chat') : view.bot.description;
  return element('p', { className: 'empty' }, description);
}

function keyboardRows(keyboard, press) {
  return (keyboard?.keyboard ?? []).map((row) => {
    const keys = row.map((button) => {
      const mark = button.request_contact === true ? '📱 ' : '';
      return element(
        'button',
        { type: 'button', className: 'key', onclick: () => press(button) },
        `${mark}${button.text}`,
      );
    });
    return element('div', { className: 'keyboard-row' }, ...keys);
  });
}
