import type { Action, Chain } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { printChain } from '@/lib/chain/print-chain';
import type { Workbench } from '@/lib/chain/workbench';
import { clipText } from '@/lib/clip-text';
import type { Definition } from '@/lib/definition/definition';
import { printDefinitions } from '@/lib/definition/definitions-snapshot';
import { printJson } from '@/lib/json/print-json';
import type { JsonValue } from '@/lib/json/value';
import { listNames } from '@/lib/list-names';
import { definitionOf, printName } from '@/lib/problems/draft';
import { findChainProblems, type Known } from '@/lib/problems/find-problems';
import type { Problem } from '@/lib/problems/problem';
import { err, ok, type Result } from '@/lib/result';
import { printDot, printMermaid } from './diagram';
import { buildMapping, mappingToJson } from './export-mapping';
import { toFileStem } from './file-stem';
import { printSidecar } from './sidecar';

/** What a chain can leave as. Diagrams are one-way. */
export const EXPORT_KINDS = ['chain', 'mapping', 'definitions', 'sidecar', 'mermaid', 'dot'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

export interface ExportRequest {
  readonly kind: ExportKind;
  readonly workbench: Workbench;
  /** Errors found with it block `chain` and `mapping`; its definitions are what a snapshot is made of. */
  readonly known: Known;
  /** For `mapping`: the values written in place of `input.*`. */
  readonly input?: JsonValue;
  /** For `mapping`: export although a runner that knows three keys would do something else. Default false. */
  readonly allowLossy?: boolean;
}

export interface ExportedFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly text: string;
  /** For `mapping`: what was given up with `allowLossy`, as `mapping_lossy` with its place. */
  readonly losses: readonly Problem[];
  /** Sentences about what the file does not hold: for `definitions`, the ids of unknown ones. */
  readonly notes: readonly string[];
}

export interface ExportRefusal {
  /** `errors` of the document, `losses` of a mapping, `input` that cannot be written in, `unknown` definitions. */
  readonly reason: 'errors' | 'losses' | 'input' | 'unknown';
  /** A sentence: what stands in the way, and what to do. */
  readonly message: string;
  readonly problems: readonly Problem[];
}

/**
 * A chain as a file: the one function behind the Export dialog and `chainwright export`, so both write the same bytes.
 * Errors of the document block `chain` and `mapping`; a draft with errors can still be drawn and its sidecar be taken.
 */
export function exportChain(request: ExportRequest): Result<ExportedFile, ExportRefusal> {
  const { kind, workbench, known } = request;
  const { chain } = workbench;
  switch (kind) {
    case 'chain': {
      const errors = findErrors(request, chain);
      return errors.length > 0 ? err(refusedByErrors(errors)) : ok(fileOf(request, printChain(chain)));
    }
    case 'mapping':
      return exportMapping(request);
    case 'definitions':
      return exportDefinitions(request);
    case 'sidecar':
      return ok(fileOf(request, printSidecar(workbench)));
    case 'mermaid':
      return ok(fileOf(request, printMermaid(chain, known)));
    case 'dot':
      return ok(fileOf(request, printDot(chain, known)));
  }
}

/** Each under the id that the document names, so that the snapshot serves it with a connection map and without. */
function exportDefinitions(request: ExportRequest): Result<ExportedFile, ExportRefusal> {
  const { workbench, known } = request;
  if (known.definitions === null) return err(NO_DEFINITIONS);
  const found: Definition[] = [];
  const unknown: string[] = [];
  for (const id of new Set([...workbench.chain.actions.values()].map((action) => action.definition_id))) {
    const definition = definitionOf(known, { definition_id: id });
    if (definition === undefined) unknown.push(printName(id));
    else found.push({ ...definition, id });
  }
  if (found.length === 0 && unknown.length > 0) return err(refusedByUnknown(unknown));
  return ok({ ...fileOf(request, printDefinitions(found)), notes: unknown.length === 0 ? [] : [leftOut(unknown)] });
}

function exportMapping(request: ExportRequest): Result<ExportedFile, ExportRefusal> {
  const { workbench, known, input, allowLossy = false } = request;
  const { chain } = workbench;
  const errors = findErrors(request, chain);
  if (errors.length > 0) return err(refusedByErrors(errors));
  const mapping = buildMapping({ chain, input, known });
  if (!mapping.ok) return err(refusedByInput(input, mapping.error));
  const { actions, losses } = mapping.value;
  const secrets = findWrittenSecrets(request, actions);
  if (secrets.length > 0) return err(refusedBySecrets(secrets));
  if (losses.length > 0 && !allowLossy) return err(refusedByLosses(losses));
  return ok({ ...fileOf(request, `${printJson(mappingToJson(mapping.value))}\n`), losses });
}

/** How each kind is named and served. */
const FILES = {
  chain: { extension: 'chain.json', mediaType: 'application/json' },
  mapping: { extension: 'mapping.json', mediaType: 'application/json' },
  definitions: { extension: 'definitions.json', mediaType: 'application/json' },
  sidecar: { extension: 'sidecar.json', mediaType: 'application/json' },
  mermaid: { extension: 'mmd', mediaType: 'text/vnd.mermaid' },
  dot: { extension: 'dot', mediaType: 'text/vnd.graphviz' },
} as const satisfies Record<ExportKind, { readonly extension: string; readonly mediaType: string }>;

function fileOf({ kind, workbench }: ExportRequest, text: string): ExportedFile {
  const { extension, mediaType } = FILES[kind];
  return { fileName: `${toFileStem(workbench.chain.name ?? '')}.${extension}`, mediaType, text, losses: [], notes: [] };
}

/** What a person said is no secret lies in the workbench, whether or not the caller knew. */
function findErrors({ workbench, known }: ExportRequest, chain: Chain): readonly Problem[] {
  const allowedLiterals = new Set([...known.allowedLiterals, ...workbench.allowedLiterals]);
  return findChainProblems(chain, { ...known, allowedLiterals }).filter(({ severity }) => severity === 'error');
}

/** A credential in the input would stand in the mapping for everybody to read. */
function findWrittenSecrets(request: ExportRequest, actions: ReadonlyMap<ActionId, Action>): readonly Problem[] {
  if (request.input === undefined) return [];
  const { chain } = request.workbench;
  return findErrors(request, { ...chain, actions }).filter(({ code }) => code === 'secret_literal');
}

const REASONS_SHOWN_MAX = 3;
/** UTF-16 units, of up to three bytes each: so many reasons stay within the 4 KB of a message. */
const REASON_LENGTH_MAX = 400;

/** The first few reasons in full, so that the message stays short whatever the chain. */
function reasonsOf(problems: readonly Problem[]): string {
  const shown = problems.slice(0, REASONS_SHOWN_MAX).map(({ message }) => clipText(message, REASON_LENGTH_MAX));
  const more = problems.length - shown.length;
  return [...shown, ...(more > 0 ? [`And ${more} more.`] : [])].join(' ');
}

const refusedByErrors = (problems: readonly Problem[]): ExportRefusal => ({
  reason: 'errors',
  message: `${problems.length === 1 ? 'One error stands' : `${problems.length} errors stand`} against the export; mend ${problems.length === 1 ? 'it' : 'them'} first. ${reasonsOf(problems)}`,
  problems,
});

const refusedByLosses = (problems: readonly Problem[]): ExportRefusal => ({
  reason: 'losses',
  message: `A runner that knows only definition_id, depends_on and inputs would do ${problems.length === 1 ? 'one thing' : `${problems.length} things`} otherwise. Export the chain document, or allow a lossy mapping. ${reasonsOf(problems)}`,
  problems,
});

const refusedByInput = (input: JsonValue | undefined, problems: readonly Problem[]): ExportRefusal => ({
  reason: 'input',
  message: `${input === undefined ? 'A mapping has no inputs of its own: give the input whose values are to be written into it.' : 'The input cannot be written into the mapping.'} ${reasonsOf(problems)}`,
  problems,
});

const refusedBySecrets = (problems: readonly Problem[]): ExportRefusal => ({
  reason: 'input',
  message: `With this input a credential would stand in the mapping. Give another input, or say that it is no secret. ${reasonsOf(problems)}`,
  problems,
});

const NO_DEFINITIONS: ExportRefusal = {
  reason: 'unknown',
  message:
    'No definitions are known, so there is nothing to make a snapshot of. Choose a connection that offers them, or import definition files.',
  problems: [],
};

const refusedByUnknown = (ids: readonly string[]): ExportRefusal => ({
  reason: 'unknown',
  message: `Of the definitions that the chain calls none is known, so there is nothing to make a snapshot of: ${listNames(ids)}. Choose a connection that offers them, or import definition files.`,
  problems: [],
});

const leftOut = (ids: readonly string[]): string =>
  ids.length === 1
    ? `The definition ${ids[0]} is not known and not in the file.`
    : `${ids.length.toLocaleString('en')} definitions are not known and not in the file: ${listNames(ids)}.`;
