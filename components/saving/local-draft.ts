import { createStore, del, get, set } from 'idb-keyval';

/** The latest workbench of one chain on this device, with the revision it was made from. */
export interface LocalDraft {
  readonly chainId: string;
  readonly revision: number;
  readonly documentText: string;
  readonly workbenchText: string;
  readonly writtenAtMs: number;
}

const drafts = () => createStore('chainwright-drafts', 'draft');

export const readDraft = (chainId: string): Promise<LocalDraft | undefined> => get<LocalDraft>(chainId, drafts());
export const writeDraft = (draft: LocalDraft): Promise<void> => set(draft.chainId, draft, drafts());
export const dropDraft = (chainId: string): Promise<void> => del(chainId, drafts());
