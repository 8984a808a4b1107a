import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { format } from 'prettier';
import { reservePorts } from '#testing/reserved.ports';
import { ManagedProcess, projectRoot } from '../../e2e/platform/managed.process.js';
import { ChatDriver, type Person } from './chat.driver.js';
import { adminScenes, admins, memberScenes, people, type Scene } from './scenes.js';

// `npm run screenshots`: starts the embedded platform from the build, plays the scenes on the chat page, and writes the
// pictures and their page into docs/screenshots. CHROMIUM_PATH names the browser, else /usr/bin/chromium.

const target = join(projectRoot, 'docs', 'screenshots');
const bytesAtMost = 3 * 1024 * 1024;
const viewport = { width: 430, height: 860 };
const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A gradient behind the chat makes the pictures twice as large. */
const plainStyle = '.messages, .pane.chat { background: #dde5d8 !important; }';

await main();

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'screenshots-'));
  const [port, chatPort] = (await reservePorts(2)) as [number, number];
  const platform = startPlatform(directory, port, chatPort);
  try {
    await platform.ready();
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      headless: true,
      args: browserFlags,
    });
    try {
      const page = await browser.newPage({ viewport, colorScheme: 'light', locale: 'en-GB', bypassCSP: true });
      await page.goto(`http://127.0.0.1:${chatPort}/`);
      await page.addStyleTag({ content: plainStyle });
      await takeAll(page, `http://127.0.0.1:${port}`);
    } finally {
      await browser.close();
    }
    writeFileSync(join(target, 'README.md'), await format(pageText(), { parser: 'markdown', printWidth: 120 }));
    checkSize();
  } finally {
    await platform.signal('SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  }
}

function startPlatform(directory: string, port: number, chatPort: number): ManagedProcess {
  const platform = new ManagedProcess({
    name: 'standalone',
    app: 'standalone',
    environment: { PORT: String(port), CHAT_PORT: String(chatPort), DATA_DIR: join(directory, 'data') },
    readyUrl: `http://127.0.0.1:${port}/health/ready`,
    logDirectory: directory,
    onUnexpectedEnd: (reason) => console.error(`the platform ended: ${reason}`),
  });
  platform.spawn();
  return platform;
}

async function takeAll(page: Page, apiUrl: string): Promise<void> {
  mkdirSync(target, { recursive: true });
  const chat = new ChatDriver(page);
  for (const person of people) {
    await chat.enter(person);
    for (const scene of memberScenes) await take(chat, person, scene);
  }
  for (const admin of admins) {
    const id = await chat.enter(admin);
    await makeAdmin(apiUrl, id, admin);
    await chat.start();
    for (const scene of adminScenes) await take(chat, admin, scene);
  }
}

async function take(chat: ChatDriver, { language }: Person, scene: Scene): Promise<void> {
  await scene.play(chat, language);
  await chat.picture(join(target, fileOf(scene, language)));
  console.log(`${language} ${scene.name}: ${(await chat.lastText()).split('\n')[0] ?? ''}`);
}

/** The embedded platform lets anybody sign in as anything. */
async function makeAdmin(apiUrl: string, telegramId: number, { firstName, language }: Person): Promise<void> {
  const response = await fetch(`${apiUrl}/v1/auth/dev-login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      telegram_id: String(telegramId),
      first_name: firstName,
      language_code: language,
      role: 'admin',
    }),
  });
  if (!response.ok) throw new Error(`nobody became an admin: ${response.status}`);
}

function fileOf({ name }: Scene, language: Person['language']): string {
  return `${name}.${language}.png`;
}

function pageText(): string {
  const scenes = [...memberScenes, ...adminScenes];
  const rows = scenes.map((scene) => {
    const pictures = people.map(({ language }) => `![${scene.title[language]}](${fileOf(scene, language)})`);
    return `| ${pictures.join(' | ')} |`;
  });
  const head = ['| 中文 | English | Русский |', '| --- | --- | --- |'];
  const intro = 'The bot on the chat page of the embedded platform, made by `npm run screenshots`.';
  return ['# What members see', '', intro, '', ...head, ...rows, ''].join('\n');
}

function checkSize(): void {
  const files = [...memberScenes, ...adminScenes].flatMap((scene) =>
    people.map(({ language }) => fileOf(scene, language)),
  );
  const bytes = files.reduce((sum, file) => sum + statSync(join(target, file)).size, 0);
  console.log(`${files.length} pictures, ${Math.round(bytes / 1024)} KiB`);
  if (bytes > bytesAtMost) throw new Error(`the pictures are larger than ${bytesAtMost} bytes`);
}
