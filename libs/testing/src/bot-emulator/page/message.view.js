import { element } from './dom.js';
import { link, richText, safeUrl } from './rich-text.js';
import { text, time } from './texts.js';

/** One message as a bubble with its inline keyboard, or as a line in the middle for service messages. */
export function messageNode(message, { memberId, isGroup, handlers }) {
  const service = serviceText(message);
  if (service !== undefined) {
    return element('div', { className: 'service' }, element('span', {}, service));
  }
  const isOwn = message.from?.id === memberId;
  const bubble = element('div', { className: 'bubble' });
  if (isGroup && !isOwn) {
    bubble.append(element('p', { className: 'sender' }, message.from?.first_name ?? ''));
  }
  if (message.reply_to_message !== undefined) {
    bubble.append(element('p', { className: 'quote' }, message.reply_to_message.text ?? '…'));
  }
  bubble.append(...contentOf(message, handlers), stamp(message));
  const row = element('div', { className: isOwn ? 'row own' : 'row' }, element('div', { className: 'column' }, bubble));
  if (message.reply_markup !== undefined) {
    row.firstChild.append(inlineKeyboard(message, handlers));
  }
  return row;
}

function contentOf(message, handlers) {
  const nodes = [];
  if (message.photo !== undefined) {
    nodes.push(element('p', { className: 'file' }, '🖼 ', message.photo[0].file_name ?? text('photo')));
  }
  if (message.document !== undefined) {
    nodes.push(element('p', { className: 'file' }, '📄 ', message.document.file_name ?? text('file')));
  }
  if (message.contact !== undefined) {
    const { first_name: name, phone_number: phone } = message.contact;
    nodes.push(element('p', { className: 'file' }, '👤 ', element('strong', {}, name), element('br'), phone));
  }
  const content = message.text ?? message.caption;
  if (content !== undefined) {
    nodes.push(
      element(
        'div',
        { className: 'text' },
        ...richText(content, message.entities ?? message.caption_entities, handlers),
      ),
    );
  }
  return nodes;
}

function stamp(message) {
  const edited = message.edit_date === undefined ? '' : `${text('edited')} `;
  return element('span', { className: 'stamp' }, `${edited}${time(message.date)}`);
}

function serviceText(message) {
  if (message.new_chat_members !== undefined) {
    return text('joined', { name: message.new_chat_members.map((user) => user.first_name).join(', ') });
  }
  if (message.left_chat_member !== undefined) {
    return text('left', { name: message.left_chat_member.first_name });
  }
  return message.forum_topic_created === undefined
    ? undefined
    : text('topic_created', { name: message.forum_topic_created.name });
}

function inlineKeyboard(message, handlers) {
  const rows = message.reply_markup.inline_keyboard.map((row) =>
    element('div', { className: 'keyboard-row' }, ...row.map((button) => inlineButton(message, button, handlers))),
  );
  return element('div', { className: 'inline-keyboard' }, ...rows);
}

function inlineButton(message, button, handlers) {
  if (button.url !== undefined && safeUrl(button.url) !== undefined) {
    const node = link(button.url, [button.text, ' ↗'], handlers);
    node.className = 'key';
    return node;
  }
  const node = element('button', { type: 'button', className: 'key' }, button.text);
  if (button.callback_data !== undefined) {
    node.onclick = () => handlers.press(message, button, node);
  } else if (button.web_app !== undefined) {
    node.onclick = () => handlers.openApp(button.web_app.url);
  } else {
    node.disabled = true;
  }
  return node;
}
