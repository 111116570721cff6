import type { JsonValue } from '@/lib/json/value';
import { assertNever, invariant } from '@/lib/result';
import type { Action, Chain } from './chain';
import type { ActionId } from './ids';
import type { CardLayout, NoteId, StickyNote, Workbench } from './workbench';

/** Everything of a chain document but its actions. */
export type ChainHead = Omit<Chain, 'actions'>;

/** The one-value fields that lie beside the chain. */
export interface BenchChoices {
  readonly sampleInputName: string | null;
  readonly connectionId: string | null;
}

/**
 * A workbench as flat records under keys of their own, so that one kind of diff covers all of it. The orders of actions,
 * notes and sample inputs are records too: undoing a deletion puts things back where they stood, byte for byte.
 */
export type WorkbenchRecord =
  | { readonly type: 'head'; readonly value: ChainHead }
  | { readonly type: 'order'; readonly value: readonly ActionId[] }
  | { readonly type: 'action'; readonly id: ActionId; readonly value: Action }
  | { readonly type: 'layout'; readonly id: ActionId; readonly value: CardLayout }
  | { readonly type: 'note'; readonly id: NoteId; readonly value: StickyNote }
  | { readonly type: 'note-order'; readonly value: readonly NoteId[] }
  | { readonly type: 'sample-input'; readonly id: string; readonly value: JsonValue }
  /** The first set is the one that a run takes when none is chosen. */
  | { readonly type: 'sample-order'; readonly value: readonly string[] }
  | { readonly type: 'pin'; readonly id: ActionId; readonly value: JsonValue }
  | { readonly type: 'allowed-literals'; readonly value: ReadonlySet<string> }
  | { readonly type: 'choices'; readonly value: BenchChoices };

/** `type`, a colon, and the id: types hold no colon, so no two records meet. */
export type RecordKey = string;

/** What changed between two workbenches, as plain data: it inverts, squashes and travels. */
export interface WorkbenchDiff {
  readonly added: ReadonlyMap<RecordKey, WorkbenchRecord>;
  readonly updated: ReadonlyMap<RecordKey, readonly [from: WorkbenchRecord, to: WorkbenchRecord]>;
  readonly removed: ReadonlyMap<RecordKey, WorkbenchRecord>;
}

export const emptyDiff: WorkbenchDiff = { added: new Map(), updated: new Map(), removed: new Map() };

export const isEmptyDiff = (diff: WorkbenchDiff): boolean =>
  diff.added.size === 0 && diff.updated.size === 0 && diff.removed.size === 0;

const keyOf = (record: WorkbenchRecord): RecordKey => ('id' in record ? `${record.type}:${record.id}` : record.type);

/** The records of a workbench. Records of the same value object are equal, so unchanged parts cost one comparison. */
function* recordsOf(workbench: Workbench): Generator<WorkbenchRecord> {
  yield { type: 'head', value: headOf(workbench.chain) };
  yield { type: 'order', value: orderOf(workbench.chain) };
  for (const [id, value] of workbench.chain.actions) yield { type: 'action', id, value };
  for (const [id, value] of workbench.layout) yield { type: 'layout', id, value };
  for (const [id, value] of workbench.notes) yield { type: 'note', id, value };
  yield { type: 'note-order', value: [...workbench.notes.keys()] };
  for (const [id, value] of workbench.sampleInputs) yield { type: 'sample-input', id, value };
  yield { type: 'sample-order', value: [...workbench.sampleInputs.keys()] };
  for (const [id, value] of workbench.pins) yield { type: 'pin', id, value };
  yield { type: 'allowed-literals', value: workbench.allowedLiterals };
  yield { type: 'choices', value: choicesOf(workbench) };
}

const heads = new WeakMap<Chain, ChainHead>();
function headOf(chain: Chain): ChainHead {
  const known = heads.get(chain);
  if (known !== undefined) return known;
  const { actions: _actions, ...head } = chain;
  heads.set(chain, head);
  return head;
}

const orderOf = (chain: Chain): readonly ActionId[] => [...chain.actions.keys()];

const choicesOf = ({ sampleInputName, connectionId }: Workbench): BenchChoices => ({ sampleInputName, connectionId });

/** Identity for records that hold one shared object, contents for those built anew above. */
function isSameRecord(a: WorkbenchRecord, b: WorkbenchRecord): boolean {
  if (a.value === b.value) return true;
  switch (a.type) {
    case 'head':
      return b.type === 'head' && isShallowEqual(a.value, b.value);
    case 'order':
    case 'note-order':
    case 'sample-order':
      return b.type === a.type && isSameList(a.value, b.value);
    case 'layout':
      return b.type === 'layout' && isShallowEqual(a.value, b.value);
    case 'choices':
      return b.type === 'choices' && isShallowEqual(a.value, b.value);
    default:
      return false;
  }
}

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);

function isShallowEqual(a: object, b: object): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.is((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
}

/** What turns `before` into `after`. O(records), one identity comparison each. */
export function diffWorkbench(before: Workbench, after: Workbench): WorkbenchDiff {
  const added = new Map<RecordKey, WorkbenchRecord>();
  const updated = new Map<RecordKey, readonly [WorkbenchRecord, WorkbenchRecord]>();
  const removed = new Map<RecordKey, WorkbenchRecord>();
  for (const record of recordsOf(before)) removed.set(keyOf(record), record);
  for (const record of recordsOf(after)) {
    const key = keyOf(record);
    const old = removed.get(key);
    removed.delete(key);
    if (old === undefined) added.set(key, record);
    else if (!isSameRecord(old, record)) updated.set(key, [old, record]);
  }
  return { added, updated, removed };
}

/** The workbench after a diff. The diff must have been made against this workbench's records; else it throws. */
export function applyDiff(workbench: Workbench, diff: WorkbenchDiff): Workbench {
  if (isEmptyDiff(diff)) return workbench;
  const records = new Map<RecordKey, WorkbenchRecord>();
  for (const record of recordsOf(workbench)) records.set(keyOf(record), record);
  for (const key of diff.removed.keys()) {
    if (!records.delete(key)) throw new Error(`Diff removes ${key}, which is not there`);
  }
  for (const [key, [, to]] of diff.updated) {
    if (!records.has(key)) throw new Error(`Diff updates ${key}, which is not there`);
    records.set(key, to);
  }
  for (const [key, record] of diff.added) {
    if (records.has(key)) throw new Error(`Diff adds ${key}, which is already there`);
    records.set(key, record);
  }
  return workbenchFromRecords(records.values());
}

function workbenchFromRecords(records: Iterable<WorkbenchRecord>): Workbench {
  let head: ChainHead | undefined;
  let order: readonly ActionId[] = [];
  let noteOrder: readonly NoteId[] = [];
  let sampleOrder: readonly string[] = [];
  let allowedLiterals: ReadonlySet<string> = new Set();
  let choices: BenchChoices = { sampleInputName: null, connectionId: null };
  const actions = new Map<ActionId, Action>();
  const layout = new Map<ActionId, CardLayout>();
  const notes = new Map<NoteId, StickyNote>();
  const sampleInputs = new Map<string, JsonValue>();
  const pins = new Map<ActionId, JsonValue>();
  for (const record of records) {
    switch (record.type) {
      case 'head':
        head = record.value;
        break;
      case 'order':
        order = record.value;
        break;
      case 'action':
        actions.set(record.id, record.value);
        break;
      case 'layout':
        layout.set(record.id, record.value);
        break;
      case 'note':
        notes.set(record.id, record.value);
        break;
      case 'note-order':
        noteOrder = record.value;
        break;
      case 'sample-input':
        sampleInputs.set(record.id, record.value);
        break;
      case 'sample-order':
        sampleOrder = record.value;
        break;
      case 'pin':
        pins.set(record.id, record.value);
        break;
      case 'allowed-literals':
        allowedLiterals = record.value;
        break;
      case 'choices':
        choices = record.value;
        break;
      default:
        assertNever(record);
    }
  }
  invariant(head !== undefined, 'a workbench has the head of its chain');
  const chain: Chain = { ...head, actions: inOrder(actions, order) };
  return {
    chain,
    layout,
    notes: inOrder(notes, noteOrder),
    sampleInputs: inOrder(sampleInputs, sampleOrder),
    pins,
    allowedLiterals,
    ...choices,
  };
}

/** Every key has its place in the order, and the order names nothing else. */
function inOrder<K extends string, V>(map: ReadonlyMap<K, V>, order: readonly K[]): ReadonlyMap<K, V> {
  invariant(order.length === map.size, 'everything has its place in the order');
  return new Map(
    order.map((id) => {
      const value = map.get(id);
      invariant(value !== undefined, `the order names ${id}, which is not there`);
      return [id, value];
    }),
  );
}

/** The way back: `apply(apply(w, d), invert(d))` is byte-equal to `w`. */
export const invertDiff = (diff: WorkbenchDiff): WorkbenchDiff => ({
  added: diff.removed,
  updated: new Map([...diff.updated].map(([key, [from, to]]) => [key, [to, from] as const])),
  removed: diff.added,
});

/** One diff that does what `first` and then `second` do; a record added and removed again leaves no trace. */
export function squashDiffs(first: WorkbenchDiff, second: WorkbenchDiff): WorkbenchDiff {
  const added = new Map(first.added);
  const updated = new Map(first.updated);
  const removed = new Map(first.removed);
  for (const [key, record] of second.removed) {
    if (added.delete(key)) continue;
    removed.set(key, updated.get(key)?.[0] ?? record);
    updated.delete(key);
  }
  for (const [key, [from, to]] of second.updated) {
    if (added.has(key)) added.set(key, to);
    else setUnlessSame(updated, key, updated.get(key)?.[0] ?? from, to);
  }
  for (const [key, record] of second.added) {
    const original = removed.get(key);
    if (original === undefined) added.set(key, record);
    else {
      removed.delete(key);
      setUnlessSame(updated, key, original, record);
    }
  }
  return { added, updated, removed };
}

function setUnlessSame(
  updated: Map<RecordKey, readonly [WorkbenchRecord, WorkbenchRecord]>,
  key: RecordKey,
  from: WorkbenchRecord,
  to: WorkbenchRecord,
): void {
  if (isSameRecord(from, to)) updated.delete(key);
  else updated.set(key, [from, to]);
}
