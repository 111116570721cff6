import { printChain } from '@/lib/chain/print-chain';
import type { Workbench } from '@/lib/chain/workbench';
import type { JsonValue } from '@/lib/json/value';
import { findChainProblems, type Known } from '@/lib/problems/find-problems';
import type { Problem } from '@/lib/problems/problem';
import { err, ok, type Result } from '@/lib/result';

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
}

export interface ExportRefusal {
  /** `errors` of the document, `losses` of a mapping, `input` that cannot be written in, `unknown` definitions. */
  readonly reason: 'errors' | 'losses' | 'input' | 'unknown';
  /** A sentence: what stands in the way, and what to do. */
  readonly message: string;
  readonly problems: readonly Problem[];
}

/** A chain as a file: the one function behind the Export dialog and `chainwright export`, so both write the same bytes. */
export function exportChain(request: ExportRequest): Result<ExportedFile, ExportRefusal> {
  const { workbench, known } = request;
  const problems = findChainProblems(workbench.chain, known).filter(({ severity }) => severity === 'error');
  if (problems.length > 0) {
    return err({ reason: 'errors', message: 'Errors stand against the export; mend them first.', problems });
  }
  const fileName = `${toFileStem(workbench.chain.name ?? '')}.chain.json`;
  return ok({ fileName, mediaType: 'application/json', text: printChain(workbench.chain), losses: [] });
}
const STEM_LENGTH_MAX = 80;

/** `Customer enrichment!` → `customer-enrichment`. Letters of any script stay; nothing that a file system reads as a path. */
function toFileStem(name: string): string {
  const stem = [
    ...name
      .normalize('NFC')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-'),
  ]
    .slice(0, STEM_LENGTH_MAX)
    .join('')
    .replace(/^-+|-+$/g, '');
  if (stem === '') return 'untitled';
  // Windows takes these for devices, whatever the extension.
  return /^(?:con|prn|aux|nul|com\d|lpt\d)$/.test(stem) ? `chain-${stem}` : stem;
}
