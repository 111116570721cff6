import type { ExportRefusal } from '@/lib/exchange/export-chain';

/** What stands over the list of a refusal's reasons: its message up to the first of them, so that each is said once. */
export function headlineOf({ message, problems }: Pick<ExportRefusal, 'message' | 'problems'>): string {
  const first = problems[0]?.message.slice(0, FIRST_WORDS_LENGTH) ?? '';
  const at = first === '' ? -1 : message.indexOf(first);
  return at > 0 ? message.slice(0, at).trimEnd() : message;
}

/** UTF-16 units; a message that is very long is cut within a refusal. */
const FIRST_WORDS_LENGTH = 80;
