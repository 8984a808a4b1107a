import { describe, expect, it } from 'vitest';
import { CommandGatherer } from './command.gatherer.js';

interface Item {
  readonly name: string;
  readonly keys: readonly string[];
}

const item = (name: string, ...keys: string[]): Item => ({ name, keys: keys.length > 0 ? keys : [name] });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** Batches wait to be let go, so that what gathers meanwhile can be seen. */
function gathererThatWaits(options: { lanes?: number; atMost?: number } = {}) {
  const batches: string[][] = [];
  const doors: (() => void)[] = [];
  const gatherer = new CommandGatherer<Item, string>({
    ...options,
    keysOf: ({ keys }) => keys,
    handle: async (items) => {
      batches.push(items.map(({ name }) => name));
      await new Promise<void>((resolve) => doors.push(resolve));
      return items.map(({ name }) =>
        name === 'bad' ? { status: 'rejected', reason: new Error('bad') } : { status: 'fulfilled', value: `${name}!` },
      );
    },
  });
  const letGo = async (): Promise<void> => {
    for (const open of doors.splice(0)) open();
    await turn();
  };
  return { gatherer, batches, letGo };
}

describe('CommandGatherer', () => {
  it('hands on at once what comes alone, and together what came while all lanes were busy', async () => {
    const { gatherer, batches, letGo } = gathererThatWaits({ lanes: 2 });
    const results = [gatherer.handle(item('a'))];
    await turn();
    results.push(gatherer.handle(item('b')));
    await turn();
    for (const name of ['c', 'd', 'e']) results.push(gatherer.handle(item(name)));
    await turn();
    expect(batches).toEqual([['a'], ['b']]);
    await letGo();
    expect(batches).toEqual([['a'], ['b'], ['c', 'd', 'e']]);
    await letGo();
    expect(await Promise.all(results)).toEqual(['a!', 'b!', 'c!', 'd!', 'e!']);
  });

  it('takes no more at once than it may', async () => {
    const { gatherer, batches, letGo } = gathererThatWaits({ lanes: 1, atMost: 2 });
    const results = ['a', 'b', 'c', 'd', 'e'].map((name) => gatherer.handle(item(name)));
    await turn();
    for (let round = 0; round < 3; round += 1) await letGo();
    expect(batches).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(await Promise.all(results)).toHaveLength(5);
  });

  it('never handles two that share a key at the same time, and keeps their order', async () => {
    const { gatherer, batches, letGo } = gathererThatWaits({ lanes: 2 });
    const results = [item('a1', 'ann'), item('b1', 'bob'), item('a2', 'ann'), item('a3', 'ann')].map((one) =>
      gatherer.handle(one),
    );
    await turn();
    expect(batches).toEqual([['a1', 'b1']]);
    await letGo();
    await letGo();
    await letGo();
    expect(batches).toEqual([['a1', 'b1'], ['a2'], ['a3']]);
    expect(await Promise.all(results)).toEqual(['a1!', 'b1!', 'a2!', 'a3!']);
  });

  it('tells each its own outcome', async () => {
    const { gatherer, letGo } = gathererThatWaits();
    const results = Promise.allSettled(['a', 'bad', 'c'].map((name) => gatherer.handle(item(name))));
    await turn();
    await letGo();
    const outcomes = await results;
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('tells all of a batch that broke, and goes on with the next', async () => {
    let rounds = 0;
    const gatherer = new CommandGatherer<Item, string>({
      lanes: 1,
      atMost: 2,
      keysOf: ({ keys }) => keys,
      handle: async (items) => {
        rounds += 1;
        if (rounds === 1) throw new Error('the database is away');
        return items.map(({ name }) => ({ status: 'fulfilled', value: name }));
      },
    });
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => gatherer.handle(item(name))));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(await gatherer.handle(item('a'))).toBe('a');
  });
});
