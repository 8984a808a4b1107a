/**
 * The rows of a QR code (`true` is dark, the quiet zone included) as what an `<svg>` needs: one path of the dark runs of each row. The
 * picture is drawn in the page, so that what it holds is sent nowhere.
 */
export function pictureOf(rows) {
  const runs = rows.flatMap((row, y) => darkRuns(row).map(({ x, length }) => `M${x} ${y}h${length}v1h-${length}z`));
  return { viewBox: `0 0 ${rows.length} ${rows.length}`, path: runs.join('') };
}

function darkRuns(row) {
  const runs = [];
  row.forEach((isDark, x) => {
    if (!isDark) return;
    const last = runs.at(-1);
    if (last !== undefined && last.x + last.length === x) last.length += 1;
    else runs.push({ x, length: 1 });
  });
  return runs;
}
