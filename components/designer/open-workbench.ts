import type { LocalDraft } from '@/components/saving/local-draft';
import { parseChainText } from '@/lib/chain/parse-chain';
import { printChain } from '@/lib/chain/print-chain';
import type { Rejection } from '@/lib/chain/rejection';
import { type Workbench, workbenchOf } from '@/lib/chain/workbench';
import { parseWorkbench, printWorkbench } from '@/lib/exchange/workbench-text';
import type { SavedChain } from '@/lib/protocol/api';
import { ok, type Result } from '@/lib/result';

/** Chain and workbench texts as the store and the device keep them. */
export interface BenchTexts {
  readonly documentText: string;
  readonly workbenchText: string;
}

export function readBench(texts: BenchTexts): Result<Workbench, readonly Rejection[]> {
  const chain = parseChainText(texts.documentText);
  if (!chain.ok) return chain;
  return texts.workbenchText === '' ? ok(workbenchOf(chain.value)) : parseWorkbench(chain.value, texts.workbenchText);
}

export const printBench = (workbench: Workbench): BenchTexts => ({
  documentText: printChain(workbench.chain),
  workbenchText: printWorkbench(workbench),
});

/** What the designer starts from. */
export interface Opened {
  readonly workbench: Workbench;
  readonly revision: number;
  /** The workbench holds edits that the server does not have yet. */
  readonly isUnsaved: boolean;
  /** Edits of this device that were made from an older revision than the server's: a person must choose. */
  readonly conflicting: Workbench | null;
}

/** The saved chain with the unsaved edits of this device on top, when they were made from that very revision. */
export function openWorkbench(saved: SavedChain, draft: LocalDraft | null): Result<Opened, readonly Rejection[]> {
  const server = readBench(saved);
  if (!server.ok) return server;
  const mine = draft === null ? null : readBench(draft);
  if (draft === null || mine === null || !mine.ok) {
    return ok({ workbench: server.value, revision: saved.revision, isUnsaved: false, conflicting: null });
  }
  if (draft.revision === saved.revision) {
    return ok({ workbench: mine.value, revision: saved.revision, isUnsaved: true, conflicting: null });
  }
  return ok({ workbench: server.value, revision: saved.revision, isUnsaved: false, conflicting: mine.value });
}
