/** The page's private endpoints. Refusals become Errors with the server's sentence. */

async function answerOf(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(body.error ?? `HTTP ${response.status}`);
  }
  return body;
}

export async function read(path) {
  return answerOf(await fetch(`/_emulator/${path}`, { cache: 'no-store' }));
}

export async function act(path, body = {}) {
  const headers = { 'content-type': 'application/json' };
  return answerOf(await fetch(`/_emulator/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
}

/** Calls `onChange` with the ids of changed chats, `onState` with whether the connection is up. */
export function listen(onChange, onState) {
  const source = new EventSource('/_emulator/events');
  source.onopen = () => onState(true);
  source.onerror = () => onState(false);
  source.onmessage = (event) => onChange(JSON.parse(event.data).chats);
}
