import { formatPointer, parsePointer } from '@/lib/json/pointer';
import type { Problem } from '@/lib/problems/problem';

/** The problem's pointer below its action: `/actions/enrich/inputs/id` gives `/inputs/id`. */
export function pointerBelowAction(problem: Pick<Problem, 'path'>): string {
  const segments = parsePointer(problem.path) ?? [];
  return segments[0] === 'actions' ? formatPointer(segments.slice(2)) : '';
}

/** The sentence without the action (and field) it begins with, for places that stand under them already. */
export function messageWithinAction({ message, action }: Pick<Problem, 'message' | 'action'>): string {
  if (action === undefined || !message.startsWith(action)) return message;
  const rest = message.slice(action.length);
  // A place has no space in it; behind one the sentence itself has begun.
  const prefix = /^(?:,? inputs\S*?|, when)?: /.exec(rest)?.[0];
  return prefix === undefined ? message : rest.slice(prefix.length);
}
