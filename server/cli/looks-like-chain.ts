import path from 'node:path';
import { parseJson } from '@/lib/json/parse-json';
import { isJsonObject, type JsonValue } from '@/lib/json/value';

/**
 * Whether a file that a search came upon, and that cannot be imported, was meant as a chain. In doubt it was: a chain
 * that somebody broke must not be passed over. No doubt leaves JSON of another shape, a file that is no `.json` and no
 * JSON, and the settings of TypeScript, which are JSON with comments.
 */
export function looksLikeChain(file: string, bytes: Uint8Array): boolean {
  const json = parseJson(new TextDecoder().decode(bytes));
  if (json.ok) return holdsActions(json.value);
  return file.endsWith('.json') && !/^[jt]sconfig(\..+)?\.json$/.test(path.basename(file));
}

function holdsActions(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  const format = value.get('format');
  if (typeof format === 'string' && format.startsWith('chainwright.chain')) return true;
  const actions = value.get('actions');
  return [value, actions].some(
    (candidate) =>
      isJsonObject(candidate) &&
      [...candidate.values()].some(
        (action) => isJsonObject(action) && (action.has('definition_id') || action.has('depends_on')),
      ),
  );
}
