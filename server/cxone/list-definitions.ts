import type { Definition } from '@/lib/definition/definition';
import { parseJson } from '@/lib/json/parse-json';
import { findAtPath, parsePointer } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import { err, ok, type Result } from '@/lib/result';
import type { Sent } from '@/lib/run/ports';
import type { Connection } from './connection';
import type { HttpClient } from './http-client';
import { kindOfStatus, tenantMessageOf } from './read-answer';

/** Pages that are followed; a tenant whose pages never end must not hold the palette forever. */
const PAGES_MAX = 100;

/**
 * The definitions that the connection offers, over all pages; or in one sentence why there is no list. A tenant need not
 * offer it: everything but the palette works without.
 */
export async function listDefinitions(
  connection: Connection,
  client: HttpClient,
  signal: AbortSignal,
): Promise<Result<readonly Definition[], { readonly reason: string }>> {
  const definitions = new Map<string, Definition>();
  const seen = new Set<string>();
  let url: string | null = connection.baseUrl + connection.paths.definitions;

  while (url !== null) {
    if (seen.has(url) || seen.size === PAGES_MAX) return err({ reason: 'The pages of the definitions do not end.' });
    seen.add(url);
    const answer = await client.send({ method: 'GET', url, headers: {} }, signal, ignoreSent);
    if (!answer.ok) return err({ reason: answer.error.message });
    const { status, text } = answer.value;
    const parsed = parseJson(text, { sizeBytesMax: Number.MAX_SAFE_INTEGER, depthMax: 128 });
    if (status !== 200) return err({ reason: describeRefusal(status, parsed.ok ? parsed.value : null) });
    if (!parsed.ok) return err({ reason: `The list of definitions cannot be read. ${parsed.error.message}` });

    const list = findList(parsed.value, connection.pointers.definitions);
    if (list === undefined) return err({ reason: 'The answer holds no list of definitions.' });
    for (const item of list) {
      const definition = readDefinition(item);
      if (definition !== undefined) definitions.set(definition.id, definition);
    }
    const next = nextPage(parsed.value, connection, url);
    if (!next.ok) return next;
    url = next.value;
  }
  return ok([...definitions.values()]);
}

const ignoreSent: Sent = () => () => undefined;

function describeRefusal(status: number, body: JsonValue): string {
  if (status === 403)
    return 'The client lacks the permission dataactions:read. Definitions can still be used by their id.';
  const said = tenantMessageOf(body);
  const kind = kindOfStatus(status);
  const words =
    kind === 'not_found'
      ? 'This connection offers no list of definitions'
      : `The list of definitions answered ${status}`;
  return `${words}${said === undefined ? '.' : `: ${said}`}`;
}

function findList(body: JsonValue, pointers: readonly string[]): readonly JsonValue[] | undefined {
  for (const pointer of pointers) {
    const path = parsePointer(pointer);
    const found = path === undefined ? undefined : findAtPath(body, path);
    if (isJsonArray(found)) return found;
  }
  return undefined;
}

/** Undefined for an entry without an id: nothing could call it. */
function readDefinition(item: JsonValue): Definition | undefined {
  if (!isJsonObject(item)) return undefined;
  const rawId = item.get('id');
  const id = rawId instanceof Numeral ? rawId.text : rawId;
  if (typeof id !== 'string' || id === '') return undefined;
  const effect = item.get('effect');
  return {
    id,
    name: textAt(item, 'name') ?? id,
    description: textAt(item, 'description') ?? '',
    inputSchema: schemaAt(item, 'input_schema'),
    outputSchema: schemaAt(item, 'output_schema'),
    effect: effect === 'read' || effect === 'idempotent' || effect === 'write' ? effect : null,
    origin: 'connection',
  };
}

function textAt(item: JsonObject, key: string): string | undefined {
  const value = item.get(key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function schemaAt(item: JsonObject, key: string): JsonValue | null {
  const value = item.get(key);
  return isJsonObject(value) || typeof value === 'boolean' ? value : null;
}

/** The next page's URL, null after the last. Only the tenant's own origin is followed: the request carries the token. */
function nextPage(
  body: JsonValue,
  connection: Connection,
  url: string,
): Result<string | null, { readonly reason: string }> {
  const path = parsePointer(connection.pointers.next);
  const next = path === undefined ? undefined : findAtPath(body, path);
  if (typeof next !== 'string' || next === '') return ok(null);
  if (!URL.canParse(next, url)) return err({ reason: 'The definitions name a next page that is no URL.' });
  const target = new URL(next, url);
  if (target.origin !== new URL(connection.baseUrl).origin) {
    return err({ reason: `The definitions name a next page at another host (${target.host}), which is not followed.` });
  }
  return ok(target.href);
}
