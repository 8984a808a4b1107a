import type { EmulatorCore } from './emulator.core.js';
import { isInside } from './access.check.js';
import type { User } from './telegram.types.js';
import { type ChatRecord, toWire } from './world.store.js';

/**
 * Makes a supergroup of a group: a new chat id, the same people. Both chats get a service message, and every later call that names the
 * former id is answered with the new one.
 */
export function upgradeGroup(core: EmulatorCore, former: ChatRecord, by: User): ChatRecord {
  if (former.chat.type !== 'group' || former.upgradedTo !== undefined) {
    throw new Error('only a group can become a supergroup, and only once');
  }
  const record = core.world.putGroup({ title: former.chat.title ?? '', type: 'supergroup' });
  record.participants = structuredClone(former.participants);
  former.upgradedTo = record.chat.id;
  const farewell = core.world.append(former, { from: by, migrate_to_chat_id: record.chat.id });
  const welcome = core.world.append(record, { from: by, migrate_from_chat_id: former.chat.id });
  if (isInside(core.botIn(former))) {
    core.report('message', toWire(farewell), former.chat.id);
    core.report('message', toWire(welcome), record.chat.id);
  }
  core.markChanged();
  return record;
}
