/** One key and the name it is kept under in what was written with it. */
export interface NamedKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Keys in the order of the setting: the first one writes, the others only read what they wrote. */
export class KeyRing {
  private readonly byId: ReadonlyMap<string, Buffer>;

  /** @throws Error when there is no key, or two have one id. Its message holds no key. */
  constructor(readonly keys: readonly NamedKey[]) {
    this.byId = new Map(keys.map(({ id, key }) => [id, key]));
    if (keys.length === 0 || this.byId.size !== keys.length) throw new Error('a key ring needs keys of different ids');
  }

  get newest(): NamedKey {
    return this.keys[0] as NamedKey;
  }

  find(id: string): Buffer | undefined {
    return this.byId.get(id);
  }
}
