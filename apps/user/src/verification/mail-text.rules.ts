/** Characters of a mail's text that are looked at. */
const maxTextLength = 65_536;

const maxQuoteHeaderLength = 600;

/** A line that starts the quoted mail in what people answer with, in the languages and programs that members use. */
const quoteHeaders: readonly RegExp[] = [
  /^On\s.{4,300}\swrote:$/i,
  /^Am\s.{4,300}\sschrieb\s.{1,200}:$/i,
  /^Le\s.{4,300}\sa écrit\s?:$/i,
  /^在\s?.{4,300}(写道|寫道)\s?[:：]$/,
  /^.{4,300}(于|於).{4,200}(写道|寫道)\s?[:：]$/,
  /^.{4,300}\s(написал|написала|написал\(а\)|пишет)\s?:$/i,
  /^-{2,}\s*(Original Message|Forwarded message|Original-Nachricht)\s*-{2,}$/i,
  /^-{2,}\s*(原始邮件|原始郵件|原邮件|转发邮件|轉寄郵件|回复的原邮件)\s*-{2,}$/,
  /^-{2,}\s*(Исходное сообщение|Пересылаемое сообщение|Пересланное сообщение|Конец пересылаемого сообщения)\s*-{2,}$/i,
  /^(Begin forwarded message|Начало пересылаемого сообщения|开始转发的邮件)\s?[:：]$/i,
  /^_{20,}$/,
  /^-- $/,
];

/** First and following lines of the header block that Outlook and its like put over a quoted mail. */
const blockStart = /^\*?(From|Von|发件人|寄件者|寄件人|От|От кого)\*?\s?[:：]/i;
const blockNext =
  /^\*?(Sent|Date|To|Subject|发送时间|日期|收件人|主题|主旨|寄件日期|Отправлено|Дата|Кому|Тема)\*?\s?[:：]/i;

/** What the sender wrote: the text without `>` lines and without everything from the first quote header on. */
export function unquotedText(text: string): string {
  const lines = text.slice(0, maxTextLength).split(/\r\n|\r|\n/);
  const own: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (startsQuote(line, lines[index + 1] ?? '')) break;
    if (!/^\s*>/.test(line)) own.push(line);
  }
  return own.join('\n');
}

function startsQuote(line: string, next: string): boolean {
  if (line.length > maxQuoteHeaderLength) return false;
  const trimmed = line === '-- ' ? line : line.trim();
  // Long "On ... wrote:" headers are wrapped by the composer, so a header may end on the next line.
  const wrapped = `${trimmed} ${next.slice(0, maxQuoteHeaderLength).trim()}`;
  if (quoteHeaders.some((header) => header.test(trimmed))) return true;
  if (/^(On|Am|Le|在)\s/i.test(trimmed) && quoteHeaders.slice(0, 5).some((header) => header.test(wrapped))) return true;
  return blockStart.test(trimmed) && blockNext.test(next.trim());
}

const skippedElements = new Set(['script', 'style', 'head', 'title', 'template', 'blockquote']);
const breakingElements = new Set([
  'br',
  'p',
  'div',
  'tr',
  'td',
  'li',
  'h1',
  'h2',
  'h3',
  'h4',
  'table',
  'ul',
  'ol',
  'hr',
  'section',
  'article',
  'pre',
]);
const quoteMarks =
  /\b(gmail_quote|yahoo_quoted|moz-cite-prefix|protonmail_quote|qmbox|ntes-mailmaster-quote|divRplyFwdMsg|appendonsend)\b/i;

/**
 * The text that a reader sees in an HTML mail, without quoted parts. One pass with `indexOf`, so that its cost grows with
 * the length only, whatever an attacker writes.
 */
export function textOfHtml(html: string): string {
  const source = html.slice(0, maxTextLength * 4);
  const parts: string[] = [];
  let skipDepth = 0;
  let position = 0;
  while (position < source.length) {
    const open = source.indexOf('<', position);
    if (skipDepth === 0) parts.push(source.slice(position, open < 0 ? undefined : open));
    if (open < 0) break;
    const ending = source.startsWith('<!--', open) ? '-->' : '>';
    const close = source.indexOf(ending, open + 1);
    // A tag that never ends hides the rest, as it does in a browser.
    if (close < 0) break;
    position = close + ending.length;
    const tag = source.slice(open + 1, close);
    const [, closing, name = ''] = /^(\/?)([a-z][a-z0-9]*)/i.exec(tag) ?? [];
    const element = name.toLowerCase();
    if (skippedElements.has(element)) skipDepth = closing ? Math.max(0, skipDepth - 1) : skipDepth + 1;
    else if (!closing && quoteMarks.test(tag)) break;
    if (breakingElements.has(element)) parts.push('\n');
  }
  return decodeEntities(parts.join('')).slice(0, maxTextLength);
}

const namedEntities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  ndash: '-',
  mdash: '-',
};

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));?/gi,
    (whole: string, decimal?: string, hex?: string, name?: string) => {
      if (name) return namedEntities[name.toLowerCase()] ?? whole;
      const point = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex ?? '', 16);
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '';
    },
  );
}
