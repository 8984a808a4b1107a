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

/** A page of the gateway as a browser gets it. */
export interface ReadPage<Code> {
  /** What relative addresses of the page's own code start from. */
  readonly root: URL;
  /** The sentences by language and name. */
  readonly sentences: Record<string, Record<string, string>>;
  /** What the page's own clients export. */
  readonly code: Code;
}

/**
 * Loads a page as a browser does, by its own links, with the modules that ask the REST face. @throws Error for what a browser would not
 * run, and for a sentence that is missing in a language.
 */
export async function readPage<Code>(url: string, ...clients: string[]): Promise<ReadPage<Code>> {
  const root = new URL('.', url);
  const html = await read(url, 'text/html');
  if (/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=/.test(html))
    throw new Error('the page has code or style inline');
  const linked = [...html.matchAll(/\b(?:src|href)="([^"]+)"/g)].map(([, link = '']) => new URL(link, url));
  const scripts = linked.filter(({ pathname }) => pathname.endsWith('.js'));
  for (const link of linked) await read(link.href, link.pathname.endsWith('.js') ? 'text/javascript' : 'text/css');
  const loaded = [...scripts, ...(await importsOf(scripts))];
  const modules = clients.map(async (name) => {
    const client = loaded.find(({ pathname }) => pathname.endsWith(name));
    if (client === undefined) throw new Error(`the page does not load ${name}`);
    const source = Buffer.from(await read(client.href, 'text/javascript')).toString('base64');
    return (await import(`data:text/javascript;base64,${source}`)) as object;
  });
  const code = Object.assign({}, ...(await Promise.all(modules))) as Code;
  const page = new URL(url).pathname.split('/').at(-1) ?? '';
  const spoken = languages.map(
    async (language) => [language, await sentencesIn(new URL(`${page}/texts/${language}`, root), html)] as const,
  );
  return { root, sentences: Object.fromEntries(await Promise.all(spoken)), code };
}

/** The Mini App, running its own code. @throws Error as `readPage`. */
export async function readMiniApp(url: string): Promise<MiniApp> {
  const { root, sentences, code } = await readPage<PageCode>(url, 'platform.client.js');
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
