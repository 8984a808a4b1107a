/** What a key says about its value. */
export type KeyKind = 'plain' | 'secret' | 'email' | 'phone';

const secretWords = new Set(
  'token code secret password passphrase passcode pin otp signature authorization cookie credential hash hashe salt jwt apikey'.split(
    ' ',
  ),
);
const secretPairs = new Set(['api key', 'private key', 'secret key', 'signing key', 'encryption key', 'init data']);
/** `token_type`, `invite_code_id`, `code_expires_at`: about a secret, none itself. */
const harmlessEndings = new Set(
  'id ids at in ms day date count length type kind status state limit left used uses version name'.split(' '),
);
const harmlessCodes = new Set(['language', 'country', 'currency', 'status', 'error']);
const emailWords = new Set(['email', 'mail', 'mailbox']);
const phoneWords = new Set(['phone', 'mobile', 'telephone', 'tel', 'msisdn']);

const judged = new Map<string, KeyKind>();
const judgedAtMost = 2_000;

/** Judges by the words of a key, in snake_case or camelCase, singular or plural. Most keys come from code and come again. */
export function kindOfKey(key: string): KeyKind {
  const known = judged.get(key);
  if (known) return known;
  const kind = judge(key);
  if (judged.size < judgedAtMost) judged.set(key, kind);
  return kind;
}

function judge(key: string): KeyKind {
  const words = key
    .slice(0, 128)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  if (harmlessEndings.has(last)) return 'plain';
  const singular = words.map((word) => word.replace(/s$/, ''));
  const [before = '', end = ''] = singular.length > 1 ? singular.slice(-2) : ['', singular[0] ?? ''];
  if (end === 'code' && harmlessCodes.has(words.at(-2) ?? '')) return 'plain';
  if (singular.some((word) => secretWords.has(word)) || secretPairs.has(`${before} ${end}`)) return 'secret';
  if (emailWords.has(end) || (emailWords.has(before) && /^addres?$/.test(end))) return 'email';
  if (phoneWords.has(end) || (phoneWords.has(before) && end === 'number')) return 'phone';
  return 'plain';
}
