/** One header field in the order it stands in the mail, unfolded, its value trimmed and read as UTF-8. */
export interface MailHeader {
  /** As written. */
  name: string;
  value: string;
}

/** Most header fields of a mail that is looked at. */
export const maxHeaders = 500;

const maxHeaderBytes = 262_144;
const fieldLine = /^([!-9;-~]+):(.*)$/s;

/**
 * The header fields of a raw mail, or null when the header block is not plainly well-formed: no end, a bare CR, a NUL, a
 * line that is neither a field nor a continuation. Parsers disagree about such mails, and a forger lives of that.
 */
export function headersOf(raw: Buffer): MailHeader[] | null {
  const head = raw.subarray(0, maxHeaderBytes).toString('utf8');
  const end = /\r?\n\r?\n/.exec(head);
  const block = end ? head.slice(0, end.index) : null;
  if (block === null || block.includes('\0') || /\r(?!\n)/.test(block)) return null;
  const headers: MailHeader[] = [];
  for (const line of block.split(/\r?\n/)) {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last) {
      last.value += ` ${line.trim()}`;
      continue;
    }
    const [, name, value] = fieldLine.exec(line) ?? [];
    if (name === undefined || value === undefined || headers.length === maxHeaders) return null;
    headers.push({ name, value: value.trim() });
  }
  return headers;
}

/** The values of all fields of that name, top to bottom. */
export function valuesOf(headers: readonly MailHeader[], name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.filter((header) => header.name.toLowerCase() === wanted).map((header) => header.value);
}
