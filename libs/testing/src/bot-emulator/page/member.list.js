import { byId, element } from './dom.js';
import { text, time } from './texts.js';

const colors = 7;
const languageNames = { zh: '中文', en: 'English', ru: 'Русский' };

/** Draws the members; the chosen one is marked for screen readers too. */
export function drawMembers(members, chosenId, choose) {
  const list = byId('member-list');
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.member : undefined;
  list.replaceChildren(
    ...members.map((member) => element('li', {}, memberButton(member, member.id === chosenId, choose))),
  );
  if (focused !== undefined) {
    list.querySelector(`[data-member="${CSS.escape(focused)}"]`)?.focus();
  }
}

function memberButton(member, isChosen, choose) {
  const letter = [...member.first_name][0] ?? '?';
  const avatar = element('span', { className: `avatar color-${member.id % colors}` }, letter.toUpperCase());
  avatar.setAttribute('aria-hidden', 'true');
  const language = languageNames[(member.language_code ?? '').slice(0, 2)] ?? member.language_code ?? '';
  const top = element(
    'span',
    { className: 'member-top' },
    element('strong', {}, member.first_name),
    element('small', {}, member.last === null ? '' : time(member.last.date)),
  );
  const bottom = element('span', { className: 'member-bottom' }, stateOf(member), element('em', {}, language));
  const body = element('span', { className: 'member-body' }, top, bottom);
  const data = { member: String(member.id) };
  const button = element(
    'button',
    { type: 'button', className: 'member', data, onclick: () => choose(member.id) },
    avatar,
    body,
  );
  if (isChosen) {
    button.setAttribute('aria-current', 'true');
  }
  return button;
}

function stateOf(member) {
  if (member.blocked) {
    return element('span', { className: 'preview blocked' }, text('blocked'));
  }
  return element(
    'span',
    { className: 'preview' },
    member.last?.preview || text(member.started ? 'no_text' : 'not_started'),
  );
}
