import type { ApiFailure } from '@/components/server-data/api-client';
import type { Workbench } from '@/lib/chain/workbench';
import type { Result } from '@/lib/result';
import type { LocalDraft } from './local-draft';

/** The state of saving, in the words a person reads. */
export type SaveState =
  | { readonly status: 'saved' }
  | { readonly status: 'saving' }
  | { readonly status: 'device-only'; readonly message: string }
  | { readonly status: 'conflict' }
  | { readonly status: 'refused'; readonly message: string };

export interface AutosaveDeps {
  readonly chainId: string;
  readonly print: (workbench: Workbench) => { readonly documentText: string; readonly workbenchText: string };
  readonly save: (body: {
    readonly revision: number;
    readonly documentText: string;
    readonly workbenchText: string;
  }) => Promise<Result<{ readonly revision: number }, ApiFailure>>;
  /** What the server has now. */
  readonly load: () => Promise<
    Result<{ readonly revision: number; readonly documentText: string; readonly workbenchText: string }, ApiFailure>
  >;
  readonly writeDraft: (draft: LocalDraft) => Promise<void>;
  readonly dropDraft: (chainId: string) => Promise<void>;
  readonly schedule: (task: () => void, ms: number) => () => void;
  readonly nowMs: () => number;
  readonly tell: (state: SaveState) => void;
}

/** A draft is on the device this long after the first unwritten edit, whatever follows it. */
const DRAFT_AFTER_MS = 300;
/** Sent this long after the last edit … */
const SAVE_AFTER_LAST_MS = 500;
/** … and at the latest this long after the first unsent one. */
const SAVE_AFTER_FIRST_MS = 3000;
const RETRY_AFTER_MS = 4000;

export interface Autosave {
  /** Takes note of an edit. Cheap: text is printed only when something is written. */
  readonly noteEdit: (workbench: Workbench) => void;
  /** Writes and sends what is pending now; resolves when the server has answered. */
  readonly flush: () => Promise<void>;
  readonly hasUnsaved: () => boolean;
  /**
   * Goes on from another revision, as after a conflict was settled.
   *
   * @param saved the workbench that the server has at that revision, when it is the one that stands here now: it is not
   *   sent back. Null when what stands here is still to be sent.
   */
  readonly rebase: (revision: number, saved: Workbench | null) => void;
  readonly close: () => void;
}

/**
 * Saves the open chain: first to this device, then to the server by compare-and-swap on the revision.
 *
 * One request is under way at a time, so an answer can never overtake a later edit. When the server cannot be reached, the
 * draft stays on the device and sending goes on by itself. On a conflict nothing is sent any more until it is settled.
 */
export function createAutosave(revision: number, deps: AutosaveDeps): Autosave {
  let savedRevision = revision;
  let latest: Workbench | null = null;
  let draftOf: Workbench | null = null;
  let savedOf: Workbench | null = null;
  let firstUnsentAtMs: number | null = null;
  let sending: Promise<void> | null = null;
  let isDueAgain = false;
  let isStopped = false;
  let cancelDraft: (() => void) | null = null;
  let cancelSave: (() => void) | null = null;

  const hasUnsaved = (): boolean => latest !== null && latest !== savedOf;

  async function writeDraft(): Promise<void> {
    cancelDraft = null;
    if (latest === null || latest === draftOf || latest === savedOf) return;
    const workbench = latest;
    draftOf = workbench;
    try {
      await deps.writeDraft({
        chainId: deps.chainId,
        revision: savedRevision,
        ...deps.print(workbench),
        writtenAtMs: deps.nowMs(),
      });
    } catch {
      // A full or forbidden device store: the server copy is then the only one, so send it without waiting.
      draftOf = null;
      void send();
    }
  }

  function plan(): void {
    cancelDraft ??= deps.schedule(() => void writeDraft(), DRAFT_AFTER_MS);
    firstUnsentAtMs ??= deps.nowMs();
    const sinceFirst = deps.nowMs() - firstUnsentAtMs;
    cancelSave?.();
    cancelSave = deps.schedule(
      () => void send(),
      Math.max(0, Math.min(SAVE_AFTER_LAST_MS, SAVE_AFTER_FIRST_MS - sinceFirst)),
    );
  }

  async function send(): Promise<void> {
    cancelSave?.();
    cancelSave = null;
    if (sending !== null) {
      isDueAgain = true;
      return sending;
    }
    if (isStopped || latest === null || latest === savedOf) return;
    isDueAgain = false;
    sending = sendOnce(latest).then((isSaved) => {
      sending = null;
      // An edit whose time came while the request was under way has waited long enough.
      if (isSaved && isDueAgain) void send();
    });
    return sending;
  }

  /** An earlier request may have been carried out although its answer was lost: what the server has already is saved. */
  async function saveUnlessThere(texts: {
    readonly documentText: string;
    readonly workbenchText: string;
  }): Promise<Result<{ readonly revision: number }, ApiFailure>> {
    const answer = await deps.save({ revision: savedRevision, ...texts });
    if (answer.ok || answer.error.type !== 'refused' || answer.error.status !== 409) return answer;
    const head = await deps.load();
    const isThere =
      head.ok && head.value.documentText === texts.documentText && head.value.workbenchText === texts.workbenchText;
    return isThere ? head : answer;
  }

  /** @returns whether the server has it. */
  async function sendOnce(workbench: Workbench): Promise<boolean> {
    firstUnsentAtMs = null;
    deps.tell({ status: 'saving' });
    const texts = deps.print(workbench);
    const answer = await saveUnlessThere(texts);
    if (answer.ok) {
      savedRevision = answer.value.revision;
      savedOf = workbench;
      if (latest === workbench) {
        deps.tell({ status: 'saved' });
        cancelDraft?.();
        cancelDraft = null;
        // The server has it now; a draft left behind would only be a twin.
        await deps.dropDraft(deps.chainId).catch(() => undefined);
      } else {
        // A draft written meanwhile names the old revision; it is written anew with this one.
        draftOf = null;
        plan();
      }
      return true;
    }
    if (answer.error.type === 'refused' && answer.error.status === 409) {
      isStopped = true;
      await writeDraft();
      deps.tell({ status: 'conflict' });
      return false;
    }
    await writeDraft();
    if (answer.error.type === 'refused') {
      deps.tell({ status: 'refused', message: answer.error.message });
    } else {
      deps.tell({ status: 'device-only', message: answer.error.message });
    }
    if (!isStopped) cancelSave ??= deps.schedule(() => void send(), RETRY_AFTER_MS);
    return false;
  }

  return {
    noteEdit: (workbench) => {
      if (workbench === latest) return;
      latest = workbench;
      if (!isStopped) deps.tell({ status: 'saving' });
      plan();
    },
    flush: async () => {
      await writeDraft();
      await send();
      if (hasUnsaved() && !isStopped) await send();
    },
    hasUnsaved,
    rebase: (next, saved) => {
      savedRevision = next;
      isStopped = false;
      if (saved !== null) {
        latest = saved;
        savedOf = saved;
        cancelDraft?.();
        cancelDraft = null;
        cancelSave?.();
        cancelSave = null;
        deps.tell({ status: 'saved' });
        void deps.dropDraft(deps.chainId).catch(() => undefined);
      }
      if (hasUnsaved()) plan();
    },
    close: () => {
      isStopped = true;
      cancelDraft?.();
      cancelSave?.();
    },
  };
}
