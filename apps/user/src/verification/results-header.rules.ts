/** One method's result in an Authentication-Results field (RFC 8601 `resinfo`). Names are lower case, comments are gone. */
export interface MethodResult {
  method: string;
  result: string;
  reason: string | null;
  /** `header.from`, `smtp.mailfrom`, ... by name; names given twice keep every value. */
  properties: ReadonlyMap<string, readonly string[]>;
}

/** A parsed Authentication-Results field value. */
export interface ResultsHeader {
  authservId: string;
  results: readonly MethodResult[];
}

/** No server writes more; what is longer was blown up by a sender. */
const maxValueLength = 8_192;

interface Token {
  kind: 'word' | '=' | ';';
  text: string;
  /** Written without any blank or comment before it: continues the value before it. */
  glued: boolean;
}

/**
 * Parses a field value by the grammar of RFC 8601 section 2.2 (comments nest, strings are quoted). Null for anything that
 * does not parse, also for values of servers that write no authserv-id: such a field is worth nothing.
 */
export function parseResultsHeader(value: string): ResultsHeader | null {
  if (value.length > maxValueLength) return null;
  const tokens = tokenize(value);
  if (!tokens) return null;
  const [identity, ...entries] = splitAt(tokens);
  const [name, version, ...surplus] = identity ?? [];
  if (name?.kind !== 'word' || surplus.length > 0 || (version && !/^\d+$/.test(version.text))) return null;
  const results: MethodResult[] = [];
  for (const entry of entries) {
    if (entry.length === 0) continue;
    if (entry.length === 1 && entry[0]?.text.toLowerCase() === 'none') continue;
    const result = parseMethod(entry);
    if (!result) return null;
    results.push(result);
  }
  return { authservId: name.text.toLowerCase(), results };
}

function parseMethod(entry: readonly Token[]): MethodResult | null {
  const pairs = pairsOf(entry);
  const [first, ...others] = pairs ?? [];
  const method = first?.name.split('/')[0];
  if (!first || !method) return null;
  const properties = new Map<string, string[]>();
  for (const { name, value } of others) properties.set(name, [...(properties.get(name) ?? []), value]);
  return { method, result: first.value.toLowerCase(), reason: properties.get('reason')?.[0] ?? null, properties };
}

/** `name = value` pairs; blanks and comments may stand anywhere between their parts. */
function pairsOf(entry: readonly Token[]): { name: string; value: string }[] | null {
  const pairs: { name: string; value: string }[] = [];
  let position = 0;
  while (position < entry.length) {
    let name = '';
    for (; entry[position]?.kind === 'word'; position += 1) name += entry[position]?.text ?? '';
    if (name === '' || entry[position]?.kind !== '=') return null;
    position += 1;
    let value = entry[position]?.kind === 'word' ? (entry[position]?.text ?? '') : null;
    if (value === null) return null;
    position += 1;
    // A quoted local part with its domain, or a base64 or VERP value with `=` inside, goes on without a blank.
    for (let next = entry[position]; next?.glued; next = entry[position]) {
      value += next.text;
      position += 1;
    }
    pairs.push({ name: name.toLowerCase(), value });
  }
  return pairs;
}

function splitAt(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === ';') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function tokenize(value: string): Token[] | null {
  const tokens: Token[] = [];
  let glued = false;
  let position = 0;
  while (position < value.length) {
    const character = value.charAt(position);
    if (/\s/.test(character)) {
      glued = false;
      position += 1;
    } else if (character === '(') {
      glued = false;
      const end = endOfComment(value, position);
      if (end === null) return null;
      position = end;
    } else {
      const token = readToken(value, position);
      if (!token) return null;
      tokens.push({ kind: token.kind, text: token.text, glued });
      glued = token.kind !== ';';
      position = token.end;
    }
  }
  return tokens;
}

function readToken(value: string, start: number): { kind: Token['kind']; text: string; end: number } | null {
  const character = value.charAt(start);
  if (character === '=' || character === ';') return { kind: character, text: character, end: start + 1 };
  if (character === '"') {
    const end = endOfQuoted(value, start);
    return end === null ? null : { kind: 'word', text: value.slice(start + 1, end - 1).replace(/\\(.)/gs, '$1'), end };
  }
  const rest = /^[^\s()"=;\\]+/.exec(value.slice(start));
  return rest ? { kind: 'word', text: rest[0], end: start + rest[0].length } : null;
}

function endOfComment(value: string, start: number): number | null {
  let depth = 0;
  for (let position = start; position < value.length; position += 1) {
    const character = value.charAt(position);
    if (character === '\\') position += 1;
    else if (character === '(') depth += 1;
    else if (character === ')') {
      depth -= 1;
      if (depth === 0) return position + 1;
    }
  }
  return null;
}

function endOfQuoted(value: string, start: number): number | null {
  for (let position = start + 1; position < value.length; position += 1) {
    const character = value.charAt(position);
    if (character === '\\') position += 1;
    else if (character === '"') return position + 1;
  }
  return null;
}
