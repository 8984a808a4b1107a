import { createHash } from 'node:crypto';
import type { ContentKind } from '#contracts';

/** What a member hands in, as typed. */
export interface Work {
  readonly kind: ContentKind;
  readonly text?: string | undefined;
  readonly link?: string | undefined;
  readonly photo_file_id?: string | undefined;
  readonly photo_unique_id?: string | undefined;
}

export interface Problem {
  readonly path: string;
  readonly problem: string;
}

/** More on one day are for another day (P-05). */
export const submissionsPerDayAtMost = 5;

const needed: Record<ContentKind, 'text' | 'link' | 'photo_file_id'> = {
  text: 'text',
  link: 'link',
  photo: 'photo_file_id',
};

/** What is missing, or stands where it does not belong; a text may explain a link or a photo. */
export function workProblems(work: Work): Problem[] {
  const problems: Problem[] = [];
  if (work[needed[work.kind]] === undefined) problems.push({ path: needed[work.kind], problem: 'missing' });
  if (work.kind !== 'link' && work.link !== undefined) problems.push({ path: 'link', problem: 'for_links_only' });
  if (work.kind !== 'photo' && (work.photo_file_id ?? work.photo_unique_id) !== undefined)
    problems.push({ path: 'photo_file_id', problem: 'for_photos_only' });
  if (work.kind === 'link' && work.link !== undefined && canonicalLink(work.link) === null)
    problems.push({ path: 'link', problem: 'no_https_address' });
  return problems;
}

/** Parts of an address that say where somebody came from, not what is there. */
const trackingParameters = /^(?:utm_\w+|fbclid|gclid|spm|share_source|from)$/;

/** An address as the same page is always written, to compare by; null when it is none that can be published. */
export function canonicalLink(typed: string): string | null {
  if (!URL.canParse(typed)) return null;
  const url = new URL(typed);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '' || !url.hostname.includes('.'))
    return null;
  url.hash = '';
  for (const name of [...url.searchParams.keys()]) if (trackingParameters.test(name)) url.searchParams.delete(name);
  url.searchParams.sort();
  url.hostname = url.hostname.replace(/^www\./, '');
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url.href.replace(/\/$/, '');
}

/** The same for the same work, however it is spaced, capitalised or linked. */
export function fingerprintOf(work: Work): string {
  const what = { text: plainText(work.text), link: linkOf(work), photo: work.photo_unique_id ?? work.photo_file_id };
  return createHash('sha256')
    .update(`${work.kind}\n${what[work.kind] ?? ''}`)
    .digest('hex');
}

function linkOf({ link = '' }: Work): string {
  return canonicalLink(link) ?? link;
}

/** The words of a text; of one that has none, the signs it is made of. */
function plainText(text = ''): string {
  const plain = text.normalize('NFKC').toLowerCase();
  const words = plain.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  return words === '' ? plain.replace(/\s+/gu, '') : words;
}
