/** A bug planted into the built platform: a text of a built file is replaced by another. */
export interface Mutant {
  readonly name: string;
  /** Below `dist`. */
  readonly file: string;
  readonly edits: readonly { readonly find: string; readonly replace: string }[];
}

/** The text of the built file with the bug in it. @throws when a text to replace is not there exactly once. */
export function plantedIn(text: string, { name, file, edits }: Mutant): string {
  return edits.reduce((planted, { find, replace }) => {
    if (planted.split(find).length !== 2) throw new Error(`${name}: "${find}" is not in ${file} exactly once`);
    return planted.replace(find, () => replace);
  }, text);
}

const messaging = (name: string): string => `libs/messaging/src/${name}.js`;

const points = (name: string): string => `apps/points/src/${name}.js`;

/** The classic mistakes of a platform like this one; the crash test must find every one of them. */
export const mutants: readonly Mutant[] = [
  {
    name: 'replies are not remembered',
    file: messaging('command.memory'),
    edits: [
      {
        find: 'await rememberCommand(tx, memoryOf(command, memorable(command.contract, reply), now));',
        replace: '',
      },
    ],
  },
  {
    name: 'the idempotency key is ignored',
    file: messaging('message.client'),
    edits: [{ find: 'const key = options.idempotencyKey;', replace: 'const key = undefined;' }],
  },
  {
    name: 'events are acknowledged before the work',
    file: messaging('rabbit.event.consumer'),
    edits: [
      {
        find: 'this.buffer.push({ channel, raw, events, redeliveries, open: events.length, failures: [] });',
        replace:
          'this.buffer.push({ channel, raw, events, redeliveries, open: events.length, failures: [] }); answer(() => channel.ack(raw));',
      },
      { find: 'return this.acknowledgeSoon(delivery);', replace: 'return;' },
    ],
  },
  {
    name: 'the outbox is cleared before publishing',
    file: messaging('outbox.relay'),
    edits: [
      { find: 'await this.broker.publish(messages);', replace: '' },
      {
        find: 'this.observer.eventsPublished(messages.length);',
        replace: 'await this.broker.publish(messages);',
      },
    ],
  },
  {
    name: 'confirms are not waited for',
    file: messaging('rabbit.publisher'),
    edits: [
      {
        find: '(error) => error ? reject(error instanceof Error ? error : new Error(String(error))) : resolve()',
        replace: '() => undefined',
      },
      { find: 'channel.publish(exchange, key', replace: 'resolve();\n        channel.publish(exchange, key' },
    ],
  },
  {
    name: 'an event gets a new id at each publishing',
    file: messaging('outbox.store'),
    edits: [
      {
        find: 'messages: messagesIn(JSON.parse(message))',
        replace:
          'messages: messagesIn(JSON.parse(message)).map((event) => ({ ...event, id: globalThis.crypto.randomUUID() }))',
      },
    ],
  },
  {
    name: 'events are written after the commit',
    file: messaging('unit.of.work'),
    edits: [
      {
        find:
          'const count = await emitted.writeDown(tx, now);\n' +
          '            return { result: await finish(), emitted: count };\n        });',
        replace:
          'return { result: await finish(), emitted: 1, later: emitted };\n        });\n' +
          '        await this.options.database.transaction((tx) => done.later.writeDown(tx, now));',
      },
    ],
  },
  {
    name: 'a lost broker connection ends the process',
    file: messaging('rabbit.connection'),
    edits: [{ find: 'void this.open();', replace: "throw new Error('the connection is gone');" }],
  },
  {
    name: 'a purchase sometimes forgets the stock',
    file: points('shop/purchase.service'),
    edits: [
      {
        find: 'await moveStock(tx, item.id, { stock: wish.quantity, used: wish.quantity });',
        replace:
          'if (Math.random() > 0.05) await moveStock(tx, item.id, { stock: wish.quantity, used: wish.quantity });',
      },
    ],
  },
  {
    name: 'a purchase is sometimes not told',
    file: points('shop/purchase.service'),
    edits: [
      {
        find: 'this.tell(context, order, account.balance, balance);',
        replace: 'if (Math.random() > 0.05) this.tell(context, order, account.balance, balance);',
      },
    ],
  },
  {
    name: 'a cancellation sometimes forgets the stock',
    file: points('shop/order.writer'),
    edits: [
      {
        find: 'await moveStock(tx, exchange_id, { stock: move.restocks ? -quantity : 0, used: -quantity });',
        replace:
          'if (Math.random() > 0.2) await moveStock(tx, exchange_id, { stock: move.restocks ? -quantity : 0, used: -quantity });',
      },
    ],
  },
  {
    name: 'a makeup sometimes forgets the card',
    file: points('check-in/makeup.service'),
    edits: [{ find: 'makeupCards: cards - 1', replace: 'makeupCards: cards - (Math.random() > 0.05 ? 1 : 0)' }],
  },
  {
    name: 'a place of an activity is sometimes not counted',
    file: points('activity/participation.service'),
    edits: [
      {
        find: 'await tx.execute(`UPDATE activities SET ${counted} = ${counted} + 1 WHERE id = ?`, [id]);',
        replace:
          'if (Math.random() > 0.05) await tx.execute(`UPDATE activities SET ${counted} = ${counted} + 1 WHERE id = ?`, [id]);',
      },
    ],
  },
  {
    name: 'the key of a reward says nothing',
    file: points('activity/activity-reward.service'),
    edits: [{ find: 'key: `activity:${id}:${userId}`', replace: 'key: `activity:${id}:${userId}:${Math.random()}`' }],
  },
];
