/** One place in an expression where series are selected. */
export interface Selection {
  series: string;
  /** Names of the labels that the selector matches on. */
  labels: string[];
  /** What stands in the square brackets: `5m`, `$__rate_interval`; undefined for an instant selection. */
  range: string | undefined;
  /** The function whose direct argument it is. */
  calledBy: string | undefined;
}

const keywords = new Set(['and', 'or', 'unless', 'offset', 'bool', 'inf', 'nan', 'Inf', 'NaN']);

const selector = /(?<series>[a-zA-Z_:][\w:]*)\s*(?<matchers>\{[^}]*\})?\s*(?:\[(?<range>[^\]]*)\])?/g;

/** Finds the selections of a PromQL expression; enough for rules written in this repository, not a parser. */
export function selectionsOf(expression: string): Selection[] {
  const text = withoutStrings(expression).replaceAll(
    /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g,
    ' ',
  );
  return [...text.matchAll(selector)].flatMap((match) => {
    const { series = '', matchers, range } = match.groups ?? {};
    const before = text.slice(0, match.index);
    const after = text.slice(match.index + match[0].length);
    const isFunction = matchers === undefined && range === undefined && /^\s*\(/.test(after);
    // The unit of a duration (`offset 5m`) stands right behind its number.
    const isUnit = /\d$/.test(before);
    if (isFunction || isUnit || keywords.has(series)) return [];
    return [{ series, labels: labelsOf(matchers ?? ''), range, calledBy: /(\w+)\s*\(\s*$/.exec(before)?.[1] }];
  });
}

/** Labels that the result is grouped or joined by. */
export function groupingLabelsOf(expression: string): string[] {
  return [...expression.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').flatMap((label) => label.trim() || []),
  );
}

function labelsOf(matchers: string): string[] {
  return [...matchers.matchAll(/([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)/g)].flatMap(([, label]) => label ?? []);
}

/** Values may hold anything, brackets too. */
function withoutStrings(expression: string): string {
  return expression.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
}
