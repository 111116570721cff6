import {
  createReader,
  describeValue,
  listRejections,
  quote,
  type Rejection,
  rejectUnknownKeys,
} from '@/lib/chain/rejection';
import { printJson } from '@/lib/json/print-json';
import { isJsonObject, type JsonText, type JsonValue } from '@/lib/json/value';
import { err, ok, type Result } from '@/lib/result';
import { type Definition, isLocalId } from './definition';
import { stripExportSuffix } from './definition-name';

/** Id in the document → id in the tenant. Ids that are the same on both sides need no entry. */
export type ConnectionMap = ReadonlyMap<string, string>;

export const CONNECTION_MAP_FORMAT = 'chainwright.connection-map/1';

/** A map as a file. */
export interface ConnectionMapFile {
  /** Name of the connection that the map was made for, for people; null when the file does not say. */
  readonly connection: string | null;
  readonly map: ConnectionMap;
}

/**
 * Canonical: the same entries in the same order give the same bytes.
 *
 * @param connection its name, for people; null leaves it out.
 */
export function printConnectionMap(map: ConnectionMap, connection: string | null = null): JsonText {
  const document = new Map<string, JsonValue>([
    ['format', CONNECTION_MAP_FORMAT],
    ...(connection === null ? [] : [['connection', connection] as const]),
    ['definitions', map],
  ]);
  return `${printJson(document)}\n` as JsonText;
}

/**
 * Reads what {@link printConnectionMap} prints, or says every place that is wrong. Keys that begin with `x-` are passed
 * over, and a map that is printed again does not have them any more.
 */
export function parseConnectionMap(value: JsonValue): Result<ConnectionMapFile, readonly Rejection[]> {
  const reader = createReader();
  const { reject } = reader;
  if (!isJsonObject(value) || value.get('format') !== CONNECTION_MAP_FORMAT) {
    reject('schema', ['format'], `Expected an object with "format": "${CONNECTION_MAP_FORMAT}".`);
    return err(reader.rejections);
  }
  rejectUnknownKeys(value, ['format', 'connection', 'definitions'], [], reader);
  const connection = value.get('connection') ?? null;
  if (connection !== null && typeof connection !== 'string') {
    reject('schema', ['connection'], `connection is ${describeValue(connection)}; expected its name, a text.`);
  }
  const map = new Map<string, string>();
  const definitions = value.get('definitions');
  if (isJsonObject(definitions)) {
    for (const [from, to] of definitions) {
      const path = ['definitions', from];
      if (from === '') reject('schema', path, 'The id in the document is empty; expected the id of a definition.');
      else if (typeof to === 'string' && isLocalId(to)) {
        const message = `The id in the tenant is ${quote(to)}; ids that begin with local: are those of files, and no tenant has them.`;
        reject('schema', path, message);
      } else if (typeof to === 'string' && to !== '') map.set(from, to);
      else
        reject(
          'schema',
          path,
          `The id in the tenant is ${describeValue(to)}; expected the id of a definition, a text.`,
        );
    }
  } else {
    const found = definitions === undefined ? 'missing' : describeValue(definitions);
    reject(
      'schema',
      ['definitions'],
      `definitions is ${found}; expected an object: id in the document → id in the tenant.`,
    );
  }
  if (reader.rejections.length > 0) return err(listRejections(reader.rejections));
  return ok({ connection: typeof connection === 'string' ? connection : null, map });
}

/** What is asked when a map is filled. */
export interface MapByNameRequest {
  /** Ids that a chain calls; repeated ones count once. */
  readonly usedIds: Iterable<string>;
  /** What stands mapped already; it stays. */
  readonly map: ConnectionMap;
  /** Definitions whose names are known by the document's ids: imported ones, or those of the tenant it was made in. */
  readonly known: ReadonlyMap<string, Definition>;
  /** What the connection offers. */
  readonly offered: readonly Definition[];
}

export interface MapByName {
  readonly map: ConnectionMap;
  /** Several definitions of the connection have the name: a person has to choose. In the order of use. */
  readonly ambiguous: readonly string[];
  /** No definition of the connection has the name, or the name is not known. In the order of use. */
  readonly notFound: readonly string[];
}

/**
 * Maps each used id to the one definition of the connection that has its name, the suffixes of exports apart. Ids that
 * are mapped already, or that the connection itself offers, need nothing.
 */
export function mapByName({ usedIds, map, known, offered }: MapByNameRequest): MapByName {
  const idsByName = new Map<string, string[]>();
  const offeredIds = new Set<string>();
  for (const { id, name } of offered) {
    offeredIds.add(id);
    const key = stripExportSuffix(name);
    const ids = idsByName.get(key);
    if (ids === undefined) idsByName.set(key, [id]);
    else ids.push(id);
  }
  const filled = new Map(map);
  const ambiguous: string[] = [];
  const notFound: string[] = [];
  for (const id of new Set(usedIds)) {
    if (filled.has(id) || offeredIds.has(id)) continue;
    const name = stripExportSuffix(known.get(id)?.name ?? '');
    const [found, another] = name === '' ? [] : (idsByName.get(name) ?? []);
    if (found === undefined) notFound.push(id);
    else if (another !== undefined) ambiguous.push(id);
    else filled.set(id, found);
  }
  return { map: filled, ambiguous, notFound };
}

/** For "3 of 7 mapped". */
export interface MappedCount {
  readonly mapped: number;
  readonly total: number;
}

/** How many of the used ids can be called: the map has them, or the connection itself offers them. Repeated ones count once. */
export function countMapped(
  usedIds: Iterable<string>,
  map: ConnectionMap,
  offered: ReadonlyMap<string, unknown>,
): MappedCount {
  const used = new Set(usedIds);
  const mapped = [...used].filter((id) => map.has(id) || offered.has(id)).length;
  return { mapped, total: used.size };
}
