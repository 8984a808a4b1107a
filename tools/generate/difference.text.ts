import type { Difference } from './generator.js';

const SHOWN_LINES = 40;

/** A difference for a person: the file, then the lines that go (-) and come (+), without what both ends share. */
export function describeDifference({ generator, path, kind, before, content }: Difference): string {
  if (kind === 'missing') return `${path}: is missing (${generator})`;
  if (kind === 'left-over') return `${path}: nothing generates it any more (${generator})`;
  const old = before.split('\n');
  const now = content.split('\n');
  const start = sharedLength(old, now);
  const end = sharedLength(old.slice(start).reverse(), now.slice(start).reverse());
  const lines = [
    ...old.slice(start, old.length - end).map((line) => `- ${line}`),
    ...now.slice(start, now.length - end).map((line) => `+ ${line}`),
  ];
  const more = lines.length > SHOWN_LINES ? [`  ... ${lines.length - SHOWN_LINES} more lines`] : [];
  return [
    `${path}:${start + 1}: is not what its sources say (${generator})`,
    ...lines.slice(0, SHOWN_LINES),
    ...more,
  ].join('\n');
}

function sharedLength(one: string[], other: string[]): number {
  const index = one.findIndex((line, position) => line !== other[position]);
  return index === -1 ? Math.min(one.length, other.length) : index;
}
