import { badRequest, conflict } from '../api.failure.js';
import type { EmulatorCore } from '../emulator.core.js';
import type { MethodInput } from '../method.input.js';
import type { ApiMethod } from './api.method.js';

/** Longer polls are cut to this, as on Telegram's server. */
const longestPollSeconds = 50;

function allowedUpdates(input: MethodInput): string[] | undefined {
  return input.list('allowed_updates')?.filter((type) => typeof type === 'string');
}

function setWebhook(core: EmulatorCore, input: MethodInput): true {
  const url = input.text('url') ?? '';
  const secretToken = input.text('secret_token');
  if (secretToken !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(secretToken)) {
    throw badRequest('secret token contains unallowed characters');
  }
  // Telegram wants HTTPS; here the bot is usually next door on plain HTTP.
  if (url !== '' && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw badRequest('bad webhook: Failed to resolve host');
  }
  const maxConnections = Math.min(100, Math.max(1, input.integer('max_connections') ?? 40));
  core.updates.allow(allowedUpdates(input));
  dropWhenAsked(core, input);
  core.poller.end(url === '' ? undefined : conflict('terminated by setWebhook request'));
  core.courier.configure(
    url === '' ? undefined : { url, maxConnections, ...(secretToken === undefined ? {} : { secretToken }) },
  );
  core.markChanged();
  return true;
}

function deleteWebhook(core: EmulatorCore, input: MethodInput): true {
  dropWhenAsked(core, input);
  core.courier.configure(undefined);
  core.markChanged();
  return true;
}

function dropWhenAsked(core: EmulatorCore, input: MethodInput): void {
  if (input.boolean('drop_pending_updates')) {
    core.updates.dropAll();
  }
}

async function getUpdates(core: EmulatorCore, input: MethodInput, signal: AbortSignal): Promise<unknown> {
  if (core.courier.current !== undefined) {
    throw conflict(
      "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  }
  core.updates.allow(allowedUpdates(input));
  const limit = input.integer('limit') ?? 100;
  const timeoutSeconds = Math.min(longestPollSeconds, Math.max(0, input.integer('timeout') ?? 0));
  const before = core.updates.size;
  const polling = core.poller.poll({
    offset: input.integer('offset') ?? 0,
    limit: limit >= 1 && limit <= 100 ? limit : 100,
    timeoutMs: timeoutSeconds * 1_000,
    signal,
  });
  // The offset has confirmed by now what was handled: a crash during the long wait must not bring it back.
  if (core.updates.size !== before) {
    core.saveSoon();
  }
  return polling;
}

export const updateMethods: Record<string, ApiMethod> = {
  setWebhook,
  deleteWebhook,
  getUpdates,
  getWebhookInfo: (core) => core.courier.info(),
};
