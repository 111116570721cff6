import { formatPointer, parsePointer } from '@/lib/json/pointer';
import type { Problem } from '@/lib/problems/problem';

/** The problem's pointer below its action: `/actions/enrich/inputs/id` gives `/inputs/id`. */
export function pointerBelowAction(problem: Pick<Problem, 'path'>): string {
  const segments = parsePointer(problem.path) ?? [];
  return segments[0] === 'actions' ? formatPointer(segments.slice(2)) : '';
}
