import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const filesKept = 500;
/** Messages hold codes and addresses. */
const ownerOnly = 0o600;

/** The messages of an embedded outbox: a JSON file each, written whole or not at all, named so that the newest sorts last. */
export class OutboxFiles {
  constructor(private readonly directory: string) {}

  /** The same time and id are the same file: a message that is sent again is there once. The oldest go when there are too many. */
  async write(writtenAt: Date, id: string, content: object): Promise<void> {
    const file = join(this.directory, `${writtenAt.getTime()}-${id}.json`);
    await mkdir(this.directory, { recursive: true });
    await writeFile(`${file}.new`, JSON.stringify(content, null, 2), { mode: ownerOnly });
    await rename(`${file}.new`, file);
    for (const name of (await this.newestFirst()).slice(filesKept)) await this.remove(name);
  }

  /** The names of the files; none while the directory does not exist. */
  async newestFirst(): Promise<string[]> {
    const names = await readdir(this.directory).catch(() => [] as string[]);
    return names
      .filter((name) => name.endsWith('.json'))
      .sort()
      .reverse();
  }

  /** Null when the file is gone. */
  async read<Content>(name: string): Promise<Content | null> {
    const text = await readFile(join(this.directory, name), 'utf8').catch(() => null);
    return text === null ? null : (JSON.parse(text) as Content);
  }

  async readNewest<Content>(atMost: number): Promise<Content[]> {
    const names = (await this.newestFirst()).slice(0, atMost);
    const contents = await Promise.all(names.map((name) => this.read<Content>(name)));
    return contents.filter((content) => content !== null) as Content[];
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.directory, name), { force: true });
  }
}
