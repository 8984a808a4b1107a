import type { Page } from 'playwright-core';

/** The chat needs the time that Telegram's pace and the services take. */
const answerTimeoutMs = 30_000;
/** As long as nothing new comes, the answer is complete. */
const stillMs = 1_600;
const pollMs = 100;

export interface Person {
  readonly firstName: string;
  readonly language: 'zh' | 'en' | 'ru';
}

/** One member on the chat page: what they do and how it looks. */
export class ChatDriver {
  constructor(private readonly page: Page) {}

  /** Makes the member and opens the chat. Returns the Telegram id. */
  async enter({ firstName, language }: Person): Promise<number> {
    const { page } = this;
    await this.open('members');
    await page.fill('#member-form [name=first_name]', firstName);
    await page.selectOption('#member-form [name=language_code]', language);
    await page.click('#member-form [type=submit]');
    const chosen = page.locator('#member-list [aria-current=true]', { hasText: firstName });
    await chosen.waitFor({ state: 'attached', timeout: answerTimeoutMs });
    const id = Number(await chosen.getAttribute('data-member'));
    await this.open('chat');
    return id;
  }

  async start(): Promise<void> {
    await this.answered(() => this.page.click('#start-button'));
  }

  async send(text: string): Promise<void> {
    await this.answered(async () => {
      await this.page.fill('#input', text);
      await this.page.press('#input', 'Enter');
    });
  }

  /** Presses the newest inline button with these words. */
  async press(words: string | RegExp): Promise<void> {
    const key = this.page.locator('.inline-keyboard button.key', { hasText: words }).last();
    await this.answered(() => key.click({ timeout: answerTimeoutMs }));
  }

  /** Mails the code that was shown last to the community's mailbox, and waits for the news in the chat. */
  async mailCode(from: string): Promise<void> {
    const code = /\b[0-9]{6}\b/.exec(await this.lastText())?.[0] ?? '';
    await this.open('mail');
    await this.page.fill('#mail-form [name=from]', from);
    await this.page.fill('#mail-form [name=subject]', code);
    await this.answered(async () => {
      await this.page.click('#mail-form [type=submit]');
      await this.open('chat');
    });
  }

  /** The texts of the buttons below the newest message that has some. */
  async buttons(): Promise<string[]> {
    return this.page.locator('.inline-keyboard').last().locator('.key').allTextContents();
  }

  async lastText(): Promise<string> {
    return (await this.page.locator('.messages .row:not(.own) .text').last().textContent()) ?? '';
  }

  /** A picture of the chat as it is. */
  async picture(path: string): Promise<void> {
    await this.page.locator('.messages .row').last().scrollIntoViewIfNeeded();
    await this.page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  }

  /** Acts, and waits until something new was written or changed and the chat is still again. */
  private async answered(act: () => Promise<void>): Promise<void> {
    const { page } = this;
    const before = await this.state();
    await act();
    await this.until(async () => (await this.state()) !== before);
    for (let last = '', tries = 0; tries < answerTimeoutMs / stillMs; tries += 1) {
      const now = await this.state();
      const isAnswered = (await page.locator('.messages .row').last().getAttribute('class')) !== 'row own';
      if (now === last && isAnswered) return;
      last = now;
      await page.waitForTimeout(stillMs);
    }
  }

  /** The page is narrow, as a phone: one pane at a time. */
  private open(pane: 'members' | 'chat' | 'mail'): Promise<void> {
    return this.page.click(`[data-pane-button=${pane}]`);
  }

  private async until(isSo: () => Promise<boolean>): Promise<void> {
    for (let waitedMs = 0; waitedMs < answerTimeoutMs; waitedMs += pollMs) {
      if (await isSo()) return;
      await this.page.waitForTimeout(pollMs);
    }
    throw new Error(`nothing was answered; the chat ends with: ${await this.lastText()}`);
  }

  private async state(): Promise<string> {
    return (await this.page.locator('#messages').textContent()) ?? '';
  }
}
