import { createHmac } from 'node:crypto';
import type { BotEmulator } from '#testing';

export interface ForgedInitData {
  what: string;
  initData: string;
  code: number;
}

const invalid = 20013;
const stale = 20014;
const hourSeconds = 3_600;

/** Mini App data that nobody must be signed in with. */
export function forgedInitData(emulator: BotEmulator, memberId: number): ForgedInitData[] {
  const genuine = emulator.initData(memberId);
  const now = Math.floor(Date.now() / 1000);
  const changed = (name: string, value: string): string => {
    const fields = new URLSearchParams(genuine);
    fields.set(name, value);
    return fields.toString();
  };
  const without = (name: string): string => {
    const fields = new URLSearchParams(genuine);
    fields.delete(name);
    return fields.toString();
  };
  return [
    { what: 'nothing but a text', initData: 'hello', code: invalid },
    { what: 'no hash', initData: without('hash'), code: invalid },
    { what: 'an empty hash', initData: changed('hash', ''), code: invalid },
    { what: 'another hash', initData: changed('hash', '0'.repeat(64)), code: invalid },
    { what: 'another user', initData: changed('user', JSON.stringify({ id: 1, first_name: 'Boss' })), code: invalid },
    { what: 'a later date', initData: changed('auth_date', String(now + 30)), code: invalid },
    { what: 'no date', initData: without('auth_date'), code: invalid },
    { what: 'a field more', initData: `${genuine}&start_param=x`, code: invalid },
    { what: 'a field twice', initData: `${genuine}&user=${encodeURIComponent('{"id":1}')}`, code: invalid },
    { what: "another bot's key", initData: signedWith('1:other', genuine), code: invalid },
    { what: 'two hours old', initData: emulator.initData(memberId, { authDate: now - 2 * hourSeconds }), code: stale },
    {
      what: 'from tomorrow',
      initData: emulator.initData(memberId, { authDate: now + 24 * hourSeconds }),
      code: invalid,
    },
  ];
}

function signedWith(token: string, initData: string): string {
  const fields = new URLSearchParams(initData);
  fields.delete('hash');
  const text = [...fields]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('\n');
  const key = createHmac('sha256', 'WebAppData').update(token).digest();
  fields.set('hash', createHmac('sha256', key).update(text).digest('hex'));
  return fields.toString();
}
