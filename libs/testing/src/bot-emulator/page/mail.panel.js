import { byId, element, memory, toast } from './dom.js';
import { act, read } from './server.js';
import { dateAndTime, text } from './texts.js';

const refreshMs = 3000;

/** The mail form (member to platform) and the list of what the platform mailed. */
export class MailPanel {
  constructor() {
    this.form = byId('mail-form');
    this.signature = '';
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.send().catch((error) => toast(error.message));
    };
    this.form.elements.from.onchange = () => this.remember();
    byId('mailbox').onclick = () => copy(this.mailbox);
    setInterval(() => this.refresh(), refreshMs);
    document.addEventListener('visibilitychange', () => this.refresh());
  }

  /** Shows the sender address this member used last. */
  useMember(memberId) {
    if (memberId !== this.memberId) {
      this.memberId = memberId;
      this.form.elements.from.value = memory.get(`from:${memberId}`) ?? '';
    }
  }

  /** Opens the form for a mail to the platform. */
  compose() {
    this.form.elements[this.form.elements.from.value === '' ? 'from' : 'subject'].focus();
  }

  remember() {
    memory.set(`from:${this.memberId}`, this.form.elements.from.value);
  }

  async send() {
    const { from, subject, text: body } = this.form.elements;
    this.remember();
    await act('mails', { from: from.value, subject: subject.value, text: body.value });
    subject.value = '';
    body.value = '';
    toast(text('mail_sent'));
    await this.refresh();
  }

  async refresh() {
    if (document.hidden) {
      return;
    }
    const { mailbox, mails } = await read('mails').catch(() => ({ mailbox: this.mailbox, mails: undefined }));
    this.mailbox = mailbox;
    byId('mailbox').textContent = mailbox ?? '';
    this.form.hidden = mailbox === null;
    byId('no-mailbox').hidden = mailbox !== null;
    const signature = JSON.stringify([document.documentElement.lang, mails]);
    if (mails !== undefined && signature !== this.signature) {
      this.signature = signature;
      byId('outbox').replaceChildren(...mails.toReversed().map(mailNode));
      byId('outbox-empty').hidden = mails.length > 0;
    }
  }
}

function mailNode(mail) {
  const head = element(
    'summary',
    {},
    element('strong', {}, titleOf(mail)),
    element('span', {}, `${mail.to} · ${dateAndTime(mail.at)}`),
  );
  return element('li', {}, element('details', {}, head, element('pre', {}, mail.text)));
}

function titleOf(mail) {
  if (mail.kind === 'sms') {
    return `📱 ${text('sms')}`;
  }
  return mail.subject === '' ? text('no_subject') : mail.subject;
}

export async function copy(content) {
  try {
    await navigator.clipboard.writeText(content);
    toast(text('copied', { text: content.length > 60 ? `${content.slice(0, 60)}…` : content }));
  } catch {
    toast(content);
  }
}
