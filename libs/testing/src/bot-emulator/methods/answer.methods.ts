import { badRequest } from '../api.failure.js';
import type { EmulatorCore } from '../emulator.core.js';
import type { MethodInput } from '../method.input.js';
import type { ApiMethod } from './api.method.js';

function answerCallbackQuery(core: EmulatorCore, input: MethodInput): true {
  const text = input.text('text');
  const url = input.text('url');
  if (text !== undefined && [...text].length > 200) {
    throw badRequest('MESSAGE_TOO_LONG');
  }
  core.callbackQueries.answer(input.text('callback_query_id'), {
    ...(text === undefined || text === '' ? {} : { text }),
    ...(input.boolean('show_alert') ? { show_alert: true } : {}),
    ...(url === undefined || url === '' ? {} : { url }),
  });
  core.markChanged();
  return true;
}

function answerInlineQuery(core: EmulatorCore, input: MethodInput): true {
  const results = input.list('results') ?? [];
  if (results.length > 50) {
    throw badRequest('too many inline query results specified');
  }
  const ids = results.map((result) => (result as { id?: unknown } | null)?.id);
  if (ids.some((id) => typeof id !== 'string' || id === '' || Buffer.byteLength(id) > 64)) {
    throw badRequest('RESULT_ID_INVALID');
  }
  if (new Set(ids).size !== ids.length) {
    throw badRequest('RESULT_ID_DUPLICATE');
  }
  core.inlineQueries.answer(input.text('inline_query_id'), { results });
  return true;
}

export const answerMethods: Record<string, ApiMethod> = { answerCallbackQuery, answerInlineQuery };
