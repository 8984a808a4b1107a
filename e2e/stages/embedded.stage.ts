import { request } from 'undici';
import { startEmbeddedPlatform } from '../platform/index.js';
import { personOf } from './person.session.js';
import { keptInDirectory, placesOf } from './store.search.js';
import { steppedUp } from './step-up.press.js';
import type { ReceivedReply, Stage, StageOptions } from './stage.types.js';

const adminTelegramId = 900_001;

/** What `npm start` runs, in the test's own process. */
export async function openEmbeddedStage({ environment = {} }: StageOptions): Promise<Stage> {
  const platform = await startEmbeddedPlatform({
    inProcess: true,
    environment: { TELEGRAM_ADMIN_ID: String(adminTelegramId), ...environment },
  });
  const { client, chatUrl, baseUrl, emulator } = platform;
  return {
    isReal: false,
    emulator,
    client,
    person: (profile) => personOf(client, emulator, profile),
    admin: async () => (await personOf(client, emulator, { id: adminTelegramId, first_name: 'Admin' })).rest,
    async steppedUpAdmin() {
      const { chat, rest } = await personOf(client, emulator, { id: adminTelegramId, first_name: 'Admin' });
      return steppedUp(chat, rest);
    },
    // The mail form of the chat page.
    async mail(mail) {
      const { statusCode, body } = await request(`${chatUrl}/_emulator/mails`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(mail),
      });
      if (statusCode !== 202) throw new Error(`the mail form answers ${statusCode}: ${await body.text()}`);
      await body.dump();
    },
    async repliesTo(address) {
      const { body } = await request(`${chatUrl}/_emulator/mails`);
      const { mails } = (await body.json()) as { mails: ReceivedReply[] };
      return mails.filter(({ to }) => to === address);
    },
    metrics: async () => (await request(`${baseUrl}/metrics`)).body.text(),
    clockOffset: (offsetMs) => platform.clockOffset(offsetMs),
    findInStores: async (needles) => placesOf(keptInDirectory(platform.dataDirectory), needles),
    logs: () => platform.logs(),
    stop: () => platform.stop(),
  };
}
