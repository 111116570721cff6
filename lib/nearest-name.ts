/**
 * The known name closest to a mistyped one, for "did you mean": at most a third of its letters
 * (rounded up, one at least) may differ, a swap of neighbours counting as one, and one letter must be right: `a` is no
 * advice for `b`. Ties go to the earlier name.
 */
export function findNearestName(name: string, known: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.ceil(Math.min(name.length, NAME_LENGTH_MAX) / 3));
  let nearest: string | undefined;
  let nearestDistance = limit + 1;
  for (const candidate of known) {
    if (candidate === name || Math.abs(candidate.length - name.length) >= nearestDistance) continue;
    if (candidate.length > NAME_LENGTH_MAX || name.length > NAME_LENGTH_MAX) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < nearestDistance && distance < Math.max(name.length, candidate.length)) {
      nearest = candidate;
      nearestDistance = distance;
    }
  }
  return nearest;
}

/** Longer names are not compared: the cost is quadratic and the answer of no use. */
const NAME_LENGTH_MAX = 128;

/** Optimal string alignment distance: insert, delete, replace, or swap two neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
