/** A mark of the time axis: where, in percent of the width, and its time in milliseconds since the start. */
export interface AxisTick {
  readonly leftPercent: number;
  readonly atMs: number;
}

/** A mark nearer to the right edge has no room for its words. */
const LAST_PERCENT = 88;

/** Round times (1, 2, 5 and their tenfolds) along the axis, at most `countMax`, the first at zero. */
export function axisTicks(totalMs: number, countMax: number): readonly AxisTick[] {
  if (totalMs <= 0) return [{ leftPercent: 0, atMs: 0 }];
  const roughMs = totalMs / countMax;
  const magnitude = 10 ** Math.floor(Math.log10(roughMs));
  const stepMs = Math.max(1, [1, 2, 5, 10].map((factor) => factor * magnitude).find((step) => step >= roughMs)!);
  const ticks: AxisTick[] = [];
  for (let count = 0; ; count++) {
    const leftPercent = ((count * stepMs) / totalMs) * 100;
    if (leftPercent > LAST_PERCENT && count > 0) return ticks;
    ticks.push({ leftPercent, atMs: count * stepMs });
  }
}

/** A stretch of time as percent of the width; cut at the right edge, where a back-off reaches into the future. */
export function barPlace(
  bar: { readonly startMs: number; readonly endMs: number },
  totalMs: number,
): { readonly leftPercent: number; readonly widthPercent: number } {
  const scale = 100 / Math.max(totalMs, 1);
  const leftPercent = Math.min(100, Math.max(0, bar.startMs * scale));
  return { leftPercent, widthPercent: Math.min(100, Math.max(leftPercent, bar.endMs * scale)) - leftPercent };
}

/** Which of many rows of equal height are in sight, with some more on both sides: first (included) to last (excluded). */
export function rowsInSight(
  view: { readonly scrollTop: number; readonly height: number },
  rowHeight: number,
  count: number,
): readonly [first: number, end: number] {
  const spare = 8;
  const first = Math.max(0, Math.floor(view.scrollTop / rowHeight) - spare);
  const end = Math.min(count, Math.ceil((view.scrollTop + view.height) / rowHeight) + spare);
  return [Math.min(first, end), end];
}
