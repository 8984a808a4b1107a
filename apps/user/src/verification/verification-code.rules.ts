import { textOfHtml, unquotedText } from './mail-text.rules.js';

/** Codes of one mail that are tried at most: a mail must not be a way to guess. */
const maxCodeCandidates = 3;

const maxSubjectLength = 1_000;

/** Where a code may stand in a mail. */
export interface MailWords {
  subject: string;
  text: string | null;
  html: string | null;
}

/**
 * The six-digit codes that the sender wrote, the likeliest first: subject (an answer's "Re:" included), then the body
 * without quotes; HTML is read only when there is no plain text. Never more than three.
 */
export function findCodes(words: MailWords): string[] {
  const plain = words.text?.trim() ? words.text : null;
  const body = plain ?? (words.html ? textOfHtml(words.html) : '');
  const found = [...codesIn(words.subject.slice(0, maxSubjectLength)), ...codesIn(unquotedText(body))];
  return [...new Set(found)].slice(0, maxCodeCandidates);
}

/** Digits in one, two, three or six groups, as people and phones write a code. Groups of other lengths are dates and phone numbers. */
const groupings = new Set(['6', '3,3', '2,2,2', '1,1,1,1,1,1']);

function codesIn(text: string): string[] {
  const codes: string[] = [];
  for (const [run] of searchable(text).matchAll(digitRuns)) {
    const groups = run.split(/[ -]/);
    const whole = groups.filter((group) => group.length === 6);
    if (whole.length > 0) codes.push(...whole);
    else if (groupings.has(groups.map((group) => group.length).join(','))) codes.push(groups.join(''));
    if (codes.length > maxCodeCandidates) break;
  }
  return codes;
}

/** Digit groups joined by single blanks or dashes, not glued to Latin letters and not a part of a number with a sign, point or comma. */
const digitRuns = /(?<![A-Za-z0-9_+]|\d[.,:/])\d+(?:[ -]\d+)*(?![A-Za-z0-9_]|[.,:/]\d)/g;

/** Full-width digits become plain ones, other blanks and dashes too; links and addresses go, since their digits are no codes. */
function searchable(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/[\t\u00a0]/g, ' ')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .split(/(\s)/)
    .map((word) => (word.includes('@') || word.includes('://') ? '|' : word))
    .join('');
}
