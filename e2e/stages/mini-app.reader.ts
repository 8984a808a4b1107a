import { fetch } from 'undici';

interface Platform {
  look(): Promise<unknown>;
  checkIn(key: string): Promise<number | null>;
}

/** What `platform.client.js` of the page exports. */
interface PageCode {
  Platform: new (root: URL, initData: string, language: string) => Platform;
  launchOf(hash: string): { initData: string; language: string | null };
  spokenOf(...wishes: (string | null)[]): string;
}

export interface MiniApp {
  /** The sentences by language and name. */
  readonly sentences: Record<string, Record<string, string>>;
  readonly launchOf: PageCode['launchOf'];
  open(initData: string, language: string | null): Platform;
}

const languages = ['zh', 'en', 'ru'];

/** Loads the page as a browser does, by its own links, and runs its own code. @throws Error for what a browser would not run. */
export async function readMiniApp(url: string): Promise<MiniApp> {
  const root = new URL('.', url);
  const page = await read(url, 'text/html');
  if (/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=/.test(page))
    throw new Error('the page has code or style inline');
  const linked = [...page.matchAll(/\b(?:src|href)="([^"]+)"/g)].map(([, link = '']) => new URL(link, url));
  const scripts = linked.filter(({ pathname }) => pathname.endsWith('.js'));
  for (const link of linked) await read(link.href, link.pathname.endsWith('.js') ? 'text/javascript' : 'text/css');
  const imported = await importsOf(scripts);
  const client = imported.find(({ pathname }) => pathname.endsWith('platform.client.js'));
  if (client === undefined) throw new Error('the page does not import its client');
  const code = (await import(
    `data:text/javascript;base64,${Buffer.from(await read(client.href, 'text/javascript')).toString('base64')}`
  )) as PageCode;
  const sentences = Object.fromEntries(
    await Promise.all(
      languages.map(async (language) => [language, await sentencesIn(new URL(`app/texts/${language}`, root), page)]),
    ),
  ) as MiniApp['sentences'];
  return {
    sentences,
    launchOf: code.launchOf,
    open: (initData, language) => new code.Platform(root, initData, code.spokenOf(language)),
  };
}

async function importsOf(scripts: readonly URL[]): Promise<URL[]> {
  const found = await Promise.all(
    scripts.map(async (script) => {
      const source = await read(script.href, 'text/javascript');
      return [...source.matchAll(/from '(\.\/[^']+)'/g)].map(([, name = '']) => new URL(name, script));
    }),
  );
  return found.flat();
}

/** Every sentence that the page names must be there, in each language. */
async function sentencesIn(url: URL, page: string): Promise<Record<string, string>> {
  const sentences = JSON.parse(await read(url.href, 'application/json')) as Record<string, string>;
  const named = [...page.matchAll(/data-text="(\w+)"/g)].map(([, name = '']) => name);
  const missing = [...named, ...Object.keys(sentences)].filter((name) => !sentences[name]);
  if (missing.length > 0) throw new Error(`${url.pathname} lacks ${missing.join(', ')}`);
  return sentences;
}

async function read(url: string, type: string): Promise<string> {
  const response = await fetch(url);
  const text = await response.text();
  const kind = response.headers.get('content-type') ?? '';
  if (response.status !== 200 || !kind.startsWith(type)) throw new Error(`${url}: ${response.status} ${kind}`);
  if (type === 'application/json') return text;
  const policy = response.headers.get('content-security-policy') ?? '';
  if (!policy.includes("script-src 'self'") || policy.includes('unsafe')) throw new Error(`${url}: policy ${policy}`);
  return text;
}
