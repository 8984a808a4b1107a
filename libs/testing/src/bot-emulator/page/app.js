import { ChatView } from './chat.view.js';
import { CommandMenu } from './command.menu.js';
import { alertBox, byId, element, memory, toast } from './dom.js';
import { copy, MailPanel } from './mail.panel.js';
import { drawMembers } from './member.list.js';
import { act, listen, read } from './server.js';
import { language, text, useLanguage } from './texts.js';

const languages = ['zh', 'en', 'ru'];
const state = { overview: undefined, memberId: Number(memory.get('member')) || undefined, chatId: undefined };

const member = () => state.overview?.members.find(({ id }) => id === state.memberId);
const chatPath = () => `members/${state.memberId}/chats/${state.chatId ?? state.memberId}`;
const memberPath = (rest) => `members/${state.memberId}/${rest}`;

/** Runs something the person asked for; a refusal is shown, not thrown. */
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    toast(text('failed', { reason: error.message }));
  }
}

const send = (content) => attempt(() => act(`${chatPath()}/messages`, { text: content }));
const start = (payload) => attempt(() => act(memberPath('start'), payload ? { payload } : {}));

const handlers = {
  command: send,
  copy,
  address: (address) => {
    if (address === mail.mailbox) {
      showPane('mail');
      mail.compose();
    } else {
      void copy(address);
    }
  },
  link: (url) => {
    const { hostname, pathname, searchParams } = new URL(url);
    const isOwnBot =
      hostname === 't.me' && pathname.slice(1).toLowerCase() === state.overview.bot.username.toLowerCase();
    if (isOwnBot && searchParams.has('start')) {
      void start(searchParams.get('start'));
    }
    return isOwnBot;
  },
  press: (message, button, node) =>
    attempt(async () => {
      node.classList.add('waiting');
      try {
        const press = { message_id: message.message_id, data: button.callback_data };
        const { answer } = await act(`${chatPath()}/clicks`, press);
        showAnswer(answer);
      } finally {
        node.classList.remove('waiting');
      }
    }),
  key: (button) => (button.request_contact === true ? attempt(() => act(memberPath('contact'))) : send(button.text)),
  openApp: (url) =>
    attempt(async () => {
      const { init_data: data } = await read(memberPath('init-data'));
      const hash = new URLSearchParams({ tgWebAppData: data, tgWebAppVersion: '8.0', tgWebAppPlatform: 'web' });
      window.open(`${url}#${hash}`, '_blank', 'noopener');
    }),
};

function showAnswer(answer) {
  if (answer.text !== undefined) {
    (answer.show_alert === true ? alertBox : toast)(answer.text);
  }
}

const chat = new ChatView(handlers);
const commands = new CommandMenu(send);
const mail = new MailPanel();

function showPane(name) {
  document.body.dataset.pane = name;
  for (const button of document.querySelectorAll('[data-pane-button]')) {
    button.setAttribute('aria-pressed', String(button.dataset.paneButton === name));
  }
}

async function choose(memberId) {
  state.memberId = memberId;
  state.chatId = undefined;
  memory.set('member', String(memberId));
  showPane('chat');
  await refresh();
}

let isRefreshing = false;
let isStale = false;

/** Fetches and draws everything; calls during a fetch lead to one more. */
async function refresh() {
  isStale = true;
  if (isRefreshing) {
    return;
  }
  isRefreshing = true;
  try {
    while (isStale) {
      isStale = false;
      await draw();
    }
  } catch {
    // The event stream shows that the connection is gone and brings a new refresh.
  } finally {
    isRefreshing = false;
  }
}

async function draw() {
  state.overview = await read('overview');
  if (member() === undefined) {
    state.memberId = state.overview.members[0]?.id;
  }
  await useLanguage(pageLanguage());
  drawMembers(state.overview.members, state.memberId, choose);
  drawChatChoice();
  mail.useMember(state.memberId);
  if (state.memberId === undefined) {
    chat.clear();
    return;
  }
  const view = await read(chatPath());
  commands.set(view.commands);
  chat.draw(view);
  document.querySelector('[data-action="block"]').hidden = view.member.blocked;
}

function pageLanguage() {
  const wanted = memory.get('language') || (member()?.language_code ?? navigator.language).slice(0, 2);
  return languages.includes(wanted) ? wanted : 'en';
}

function drawChatChoice() {
  const choice = byId('chat-choice');
  const groups = member()?.groups ?? [];
  choice.hidden = groups.length === 0;
  const options = [{ id: state.memberId, title: text('private_chat') }, ...groups];
  const signature = JSON.stringify([options, state.chatId, language()]);
  if (choice.dataset.signature !== signature) {
    choice.dataset.signature = signature;
    choice.replaceChildren(...options.map(({ id, title }) => element('option', { value: String(id) }, title)));
    choice.value = String(state.chatId ?? state.memberId);
  }
}

const actions = {
  start: () => start(),
  contact: () => attempt(() => act(memberPath('contact'))),
  block: () => attempt(() => act(memberPath('block'), { blocked: true })),
  unblock: () => attempt(() => act(memberPath('block'), { blocked: false })),
  copy_init_data: () => attempt(async () => copy((await read(memberPath('init-data'))).init_data)),
};

function wireForms() {
  byId('composer').onsubmit = (event) => {
    event.preventDefault();
    const input = byId('input');
    if (input.value.trim() !== '') {
      void send(input.value);
      input.value = '';
      commands.show(false);
    }
  };
  byId('input').onkeydown = (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      byId('composer').requestSubmit();
    }
  };
  byId('member-form').onsubmit = (event) => {
    event.preventDefault();
    const form = event.target;
    const { first_name: name, language_code: code } = form.elements;
    void attempt(async () => {
      const { id } = await act('members', { first_name: name.value, language_code: code.value });
      name.value = '';
      await choose(id);
    });
  };
  byId('payload-form').onsubmit = (event) => {
    event.preventDefault();
    byId('actions').open = false;
    void start(event.target.elements.payload.value);
  };
}

function wireButtons() {
  for (const button of document.querySelectorAll('[data-action]')) {
    button.onclick = () => {
      byId('actions').open = false;
      void actions[button.dataset.action]();
    };
  }
  for (const button of document.querySelectorAll('[data-pane-button]')) {
    button.onclick = () => showPane(button.dataset.paneButton);
  }
  document.addEventListener('click', (event) => {
    if (!byId('actions').contains(event.target)) {
      byId('actions').open = false;
    }
  });
  byId('chat-choice').onchange = (event) => {
    const id = Number(event.target.value);
    state.chatId = id === state.memberId ? undefined : id;
    void refresh();
  };
  byId('page-language').value = memory.get('language') ?? '';
  byId('page-language').onchange = (event) => {
    memory.set('language', event.target.value);
    void refresh();
  };
}

function showConnection(isUp) {
  const node = byId('connection');
  node.classList.toggle('up', isUp);
  // Named in the data too, so that a change of language reaches it.
  node.dataset.text = isUp ? 'connected' : 'connecting';
  node.textContent = text(node.dataset.text);
}

wireForms();
wireButtons();
showPane('chat');
await refresh();
await mail.refresh();
listen(
  () => {
    void refresh();
    void mail.refresh();
  },
  (isUp) => {
    showConnection(isUp);
    if (isUp) {
      void refresh();
    }
  },
);
