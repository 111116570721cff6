import type { JsonValue } from '@/lib/json/value';
import type { Brand } from '@/lib/result';
import type { Chain } from './chain';
import type { ActionId } from './ids';

/** Where a card lies, in pixels of the canvas at zoom 1: its upper left corner. */
export interface CardLayout {
  readonly x: number;
  readonly y: number;
}

export type NoteId = Brand<string, 'NoteId'>;

/** A sticky note on the canvas; pixels as in {@link CardLayout}. */
export interface StickyNote {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly text: string;
}

/**
 * A chain and what lies beside it. Only `chain` is the document: moving a card, pinning an output or writing a note
 * never changes its hash. Everything beside it is keyed by action id, so that a rename carries it along.
 */
export interface Workbench {
  readonly chain: Chain;
  readonly layout: ReadonlyMap<ActionId, CardLayout>;
  readonly notes: ReadonlyMap<NoteId, StickyNote>;
  /** Named sample inputs of the chain; the values that `input.*` reads in a test run. */
  readonly sampleInputs: ReadonlyMap<string, JsonValue>;
  /** Outputs that stand for calls. */
  readonly pins: ReadonlyMap<ActionId, JsonValue>;
  /** JSON pointers of literals that a person said are no secrets. */
  readonly allowedLiterals: ReadonlySet<string>;
  /** Sample input set that Run uses; null takes the examples of the schema. */
  readonly sampleInputName: string | null;
  /** Connection chosen for this chain; null means the default. Not part of the sidecar file. */
  readonly connectionId: string | null;
}

export const workbenchOf = (chain: Chain): Workbench => ({
  chain,
  layout: new Map(),
  notes: new Map(),
  sampleInputs: new Map(),
  pins: new Map(),
  allowedLiterals: new Set(),
  sampleInputName: null,
  connectionId: null,
});

/** What lies beside a chain and travels with it as a file; the connection is everybody's own. */
export type Sidecar = Omit<Workbench, 'chain' | 'connectionId'>;
