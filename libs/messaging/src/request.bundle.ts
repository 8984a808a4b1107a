/** One request or reply with the id that pairs them. */
export interface Letter {
  readonly id: string;
  readonly text: string;
}

/** Letters that travel as one message of the broker. */
export interface LetterBundle {
  /** Their ids, joined: fits the broker's field of 255 bytes. */
  readonly correlationId: string;
  /** The one letter, or an array of them. */
  readonly content: Buffer;
  readonly count: number;
}

/** The type of a message by a requester that understands bundles: one of an older version gets each reply alone. */
export const bundleType = 'letters';

export const lettersAtMost = 32;
const bytesAtMost = 128 * 1024;
const idBytesAtMost = 250;
const separator = ',';

/** Packs letters in their order into as few messages as the limits allow. */
export function letterBundles(letters: readonly Letter[]): LetterBundle[] {
  const bundles: LetterBundle[] = [];
  let open: Letter[] = [];
  let bytes = 0;
  let idBytes = 0;
  const close = (): void => {
    if (open.length > 0) bundles.push(packed(open));
    [open, bytes, idBytes] = [[], 0, 0];
  };
  for (const letter of letters) {
    const fits =
      open.length < lettersAtMost &&
      bytes + letter.text.length <= bytesAtMost &&
      idBytes + letter.id.length + 1 <= idBytesAtMost;
    if (!fits) close();
    open.push(letter);
    bytes += letter.text.length;
    idBytes += letter.id.length + 1;
  }
  close();
  return bundles;
}

/** The ids in a message's correlation id. */
export function idsIn(correlationId: unknown): string[] {
  return typeof correlationId === 'string' && correlationId !== '' ? correlationId.split(separator) : [];
}

/**
 * The letters of a message that should hold `count` of them.
 * @throws Error when it does not.
 */
export function lettersIn(content: Buffer, count: number): unknown[] {
  const body: unknown = JSON.parse(content.toString());
  const letters: unknown[] = count > 1 && Array.isArray(body) ? body : [body];
  if (letters.length !== count) throw new Error(`${letters.length} letters where ${count} were announced`);
  return letters;
}

function packed(letters: readonly Letter[]): LetterBundle {
  const [first] = letters;
  const text = letters.length === 1 && first ? first.text : `[${letters.map((letter) => letter.text).join(',')}]`;
  const correlationId = letters.map(({ id }) => id).join(separator);
  return { correlationId, content: Buffer.from(text), count: letters.length };
}

/** Gathers letters by address until the end of the event loop's turn, then hands on those of each address together. */
export class OutTray<Address, Kind extends Letter = Letter> {
  private readonly byAddress = new Map<string, { readonly address: Address; readonly letters: Kind[] }>();
  private isScheduled = false;

  constructor(private readonly send: (address: Address, letters: readonly Kind[]) => void) {}

  put(key: string, address: Address, letter: Kind): void {
    const known = this.byAddress.get(key);
    if (known) known.letters.push(letter);
    else this.byAddress.set(key, { address, letters: [letter] });
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => this.empty());
  }

  private empty(): void {
    this.isScheduled = false;
    const groups = [...this.byAddress.values()];
    this.byAddress.clear();
    for (const { address, letters } of groups) this.send(address, letters);
  }
}
