import { chainToJson } from '@/lib/chain/print-chain';
import type { Rejection } from '@/lib/chain/rejection';
import type { Sidecar } from '@/lib/chain/workbench';
import type { ConnectionMap } from '@/lib/definition/connection-map';
import type { Definition } from '@/lib/definition/definition';
import { settleLocalIds } from '@/lib/definition/local-ids';
import { type Imported, type ImportedChain, importBytes } from '@/lib/exchange/import-chain';
import { findAtPath, parsePointer } from '@/lib/json/pointer';
import type { Known } from '@/lib/problems/find-problems';
import { CommandRefused } from './command-refused';
import { EXIT } from './exit-codes';
import { toPrintable } from './printable';
import { describeUnreadable, nameKind, printProblem, printRejection } from './read-chain-file';
import { nameOf, readBytes, type Terminal } from './terminal';

/** What options say that a document does not. */
export interface KnownOptions {
  /** Definition files and snapshots. */
  readonly definitions?: readonly string[];
  /** A connection map. */
  readonly map?: string;
  /** JSON pointers into the document. */
  readonly allowLiteral?: readonly string[];
}

/** What stands beside the document as far as options tell; what no option tells is null, and so not checked. */
export async function readKnown(terminal: Terminal, options: KnownOptions): Promise<Known> {
  const { definitions = [], map, allowLiteral = [] } = options;
  for (const pointer of allowLiteral) {
    if (parsePointer(pointer) !== undefined) continue;
    const example = '/actions/fetch_customer/inputs/key';
    throw new CommandRefused(
      `--allow-literal takes a JSON pointer such as ${example}, and ${toPrintable(pointer)} is none.`,
      EXIT.usage,
    );
  }
  const byId = definitions.length === 0 ? null : await readDefinitions(terminal, definitions);
  const idMap = map === undefined ? null : await readMap(terminal, map);
  return {
    definitions: byId === null ? null : underMappedIds(byId, idMap ?? new Map()),
    idMap,
    secretNames: null,
    allowedLiterals: new Set(allowLiteral),
  };
}

/** A definition read from a file is known by its `local:` id; a map tells under which id the tenant has it. */
function underMappedIds(byId: ReadonlyMap<string, Definition>, idMap: ConnectionMap): ReadonlyMap<string, Definition> {
  const all = new Map(byId);
  for (const [from, to] of idMap) {
    const definition = byId.get(from);
    if (definition !== undefined && !all.has(to)) all.set(to, { ...definition, id: to });
  }
  return all;
}

/** By id; of two with one id in different files the later counts. */
async function readDefinitions(terminal: Terminal, files: readonly string[]): Promise<ReadonlyMap<string, Definition>> {
  const byId = new Map<string, Definition>();
  for (const file of files) {
    const imported = await readBeside(terminal, '--definitions', file);
    if (imported.kind !== 'definitions') throw refuseKind('--definitions', file, 'a file of definitions', imported);
    for (const problem of imported.problems) {
      if (problem.severity !== 'info') terminal.writeError(printProblem(file, problem));
    }
    for (const definition of settleLocalIds(imported.definitions, byId.values())) byId.set(definition.id, definition);
  }
  return byId;
}

async function readMap(terminal: Terminal, file: string): Promise<ConnectionMap> {
  const imported = await readBeside(terminal, '--map', file);
  if (imported.kind !== 'connection-map') throw refuseKind('--map', file, 'a connection map', imported);
  return imported.map;
}

export async function readSidecar(terminal: Terminal, file: string): Promise<Sidecar> {
  const imported = await readBeside(terminal, '--sidecar', file);
  if (imported.kind !== 'sidecar') throw refuseKind('--sidecar', file, 'a sidecar', imported);
  return imported.sidecar;
}

/** A file that an option names; its faults are not those of the document. */
async function readBeside(terminal: Terminal, option: string, file: string): Promise<Imported> {
  const bytes = await readBytes(terminal, file);
  if (!bytes.ok) throw new CommandRefused(`${option}: ${describeUnreadable(file, bytes.error)}`, EXIT.usage);
  const imported = importBytes(bytes.value, nameOf(file));
  if (imported.ok) return imported.value;
  const lines = imported.error.map((rejection: Rejection) => printRejection(file, rejection)).join('');
  throw new CommandRefused(`${option} cannot be used:\n${lines.trimEnd()}`, EXIT.usage);
}

const refuseKind = (option: string, file: string, wanted: string, found: Imported): CommandRefused =>
  new CommandRefused(`${option} takes ${wanted}, and ${toPrintable(nameOf(file))} is ${nameKind(found)}.`, EXIT.usage);

/** Names of the secrets that `secret_ref` finds in the environment; null where there is none at all. */
export function secretNamesOf({ env }: Terminal): ReadonlySet<string> | null {
  const prefix = 'CHAINWRIGHT_SECRET_';
  const names = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(prefix) && value !== undefined && value.trim() !== '' ? [name.slice(prefix.length)] : [],
  );
  return names.length === 0 ? null : new Set(names);
}

/** Those of the pointers that lead nowhere in a chain: most likely misspelled, or meant for another document. */
export function findUnusedPointers(pointers: readonly string[], { workbench }: ImportedChain): readonly string[] {
  if (pointers.length === 0) return pointers;
  const document = chainToJson(workbench.chain);
  return pointers.filter((pointer) => {
    const path = parsePointer(pointer);
    return path === undefined || findAtPath(document, path) === undefined;
  });
}

/** A line about pointers that lead nowhere. */
export const describeUnusedPointers = (pointers: readonly string[], where: string): string =>
  `--allow-literal: nothing stands at ${pointers.map(toPrintable).join(', ')} in ${where}.\n`;

/** Says on stderr which allowed literals one chain does not have; says nothing when it has them all. */
export function tellUnusedPointers(
  { allowedLiterals }: Known,
  imported: ImportedChain,
  file: string,
  terminal: Terminal,
): void {
  const unused = findUnusedPointers([...allowedLiterals], imported);
  if (unused.length > 0) terminal.writeError(describeUnusedPointers(unused, toPrintable(nameOf(file))));
}
