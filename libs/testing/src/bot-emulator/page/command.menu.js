import { byId, element } from './dom.js';

/** The list of the bot's commands: opened by its button, or by typing a slash, which also filters it. */
export class CommandMenu {
  constructor(send) {
    this.send = send;
    this.commands = [];
    this.isOpen = false;
    byId('command-button').onclick = () => this.show(!this.isOpen);
    byId('input').addEventListener('input', () => this.filter());
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.isOpen) {
        this.show(false);
        byId('input').focus();
      }
    });
  }

  set(commands) {
    const isSame = JSON.stringify(commands) === JSON.stringify(this.commands);
    this.commands = commands;
    if (!isSame) {
      this.show(this.isOpen && commands.length > 0);
    }
  }

  filter() {
    const typed = byId('input').value;
    this.show(/^\/\w*$/.test(typed), typed.slice(1).toLowerCase());
  }

  show(isOpen, start = '') {
    const fitting = this.commands.filter(({ command }) => command.startsWith(start));
    this.isOpen = isOpen && fitting.length > 0;
    byId('commands').hidden = !this.isOpen;
    byId('command-button').setAttribute('aria-expanded', String(this.isOpen));
    byId('commands').replaceChildren(...fitting.map((command) => this.item(command)));
  }

  item({ command, description }) {
    const choose = () => {
      this.show(false);
      byId('input').value = '';
      this.send(`/${command}`);
    };
    const name = element('strong', {}, `/${command}`);
    return element('button', { type: 'button', onclick: choose }, name, element('span', {}, description));
  }
}
