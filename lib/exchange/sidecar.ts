import type { Chain } from '@/lib/chain/chain';
import { type ActionId, parseActionId } from '@/lib/chain/ids';
import { createReader, listRejections, type Reader, type Rejection, rejectUnknownKeys } from '@/lib/chain/rejection';
import type { CardLayout, NoteId, Sidecar, StickyNote } from '@/lib/chain/workbench';
import type { JsonLimits } from '@/lib/json/parse-json';
import { type JsonPath, parsePointer } from '@/lib/json/pointer';
import { printJson } from '@/lib/json/print-json';
import { isJsonArray, isJsonObject, type JsonObject, type JsonText, type JsonValue, Numeral } from '@/lib/json/value';
import { err, ok, type Result } from '@/lib/result';

export const SIDECAR_FORMAT = 'chainwright.sidecar/1';

/** Pinned outputs may be large; deeper than a document because they lie below keys of this text. Read within 5 s. */
export const SIDECAR_LIMITS: JsonLimits = { sizeBytesMax: 16 * 1024 * 1024, depthMax: 128, valuesMax: 4_000_000 };

/**
 * What lies beside a chain as a file of its own: layout, notes, sample inputs, pins, allowed literals, and which sample
 * input is chosen. Without the connection, which is everybody's own.
 *
 * @param chain puts entries in the order of its actions, see {@link besideToJson}; without one they stay as they stand.
 */
export function printSidecar(sidecar: Sidecar, chain?: Chain): JsonText {
  const document = new Map<string, JsonValue>([['format', SIDECAR_FORMAT], ...besideToJson(sidecar, chain)]);
  return `${printJson(document)}\n` as JsonText;
}

/**
 * Reads what {@link printSidecar} prints, or says every place that is wrong. See {@link readBeside} for what is kept; keys
 * that begin with `x-` are passed over, and an export does not have them any more.
 */
export function parseSidecar(value: JsonValue): Result<Sidecar, readonly Rejection[]> {
  const reader = createReader();
  if (!isJsonObject(value) || value.get('format') !== SIDECAR_FORMAT) {
    reader.reject('schema', ['format'], `Expected an object with "format": "${SIDECAR_FORMAT}".`);
    return err(reader.rejections);
  }
  rejectUnknownKeys(value, ['format', ...BESIDE_KEYS], [], reader);
  const sidecar = readBeside(value, reader);
  return reader.rejections.length === 0 ? ok(sidecar) : err(listRejections(reader.rejections));
}

/**
 * What lies beside the chain and belongs to nobody's connection, key by key. What belongs to actions stands in their
 * order, what belongs to missing ones behind it by id: equal workbenches give equal texts whatever was undone on the way.
 */
export function besideToJson(sidecar: Sidecar, chain?: Chain): readonly (readonly [string, JsonValue])[] {
  const layoutJson = ({ x, y }: CardLayout) => numbers({ x, y });
  const noteJson = ({ x, y, width, height, text }: StickyNote) =>
    new Map<string, JsonValue>([...numbers({ x, y, width, height }), ['text', text]]);
  return [
    ['layout', mapValues(inOrderOf(chain, sidecar.layout), layoutJson)],
    ['notes', mapValues(sidecar.notes, noteJson)],
    ['sample_inputs', sidecar.sampleInputs],
    ['pins', inOrderOf(chain, sidecar.pins)],
    ['allowed_literals', [...sidecar.allowedLiterals]],
    ['sample_input_name', sidecar.sampleInputName],
  ];
}

/** The keys of {@link besideToJson}. */
export const BESIDE_KEYS = ['layout', 'notes', 'sample_inputs', 'pins', 'allowed_literals', 'sample_input_name'];

/**
 * The way back. An absent key is an empty one. Entries about actions are kept whether or not a chain has them: a missing
 * dependency has a card too. A chosen sample input that is not there counts as none chosen.
 *
 * @returns Not to be used when the reader has rejected something.
 */
export function readBeside(value: JsonObject, reader: Reader): Sidecar {
  const sampleInputs = readObject(value, 'sample_inputs', reader);
  const sampleInputName = readName(value, 'sample_input_name', reader);
  return {
    layout: readByAction(value, 'layout', reader, readLayout),
    notes: readNotes(value, reader),
    sampleInputs,
    pins: readByAction(value, 'pins', reader, (pin) => pin),
    allowedLiterals: readPointers(value, reader),
    sampleInputName: sampleInputName !== null && sampleInputs.has(sampleInputName) ? sampleInputName : null,
  };
}

function readObject(value: JsonObject, key: string, { reject }: Reader): JsonObject {
  const item = value.get(key) ?? new Map<string, JsonValue>();
  if (isJsonObject(item)) return item;
  reject('schema', [key], `${key} must be an object.`);
  return new Map();
}

function readByAction<T>(
  value: JsonObject,
  key: string,
  reader: Reader,
  read: (item: JsonValue, path: JsonPath, reader: Reader) => T,
): ReadonlyMap<ActionId, T> {
  const byAction = new Map<ActionId, T>();
  for (const [text, item] of readObject(value, key, reader)) {
    if (reader.isFull()) break;
    const id = parseActionId(text);
    if (id.ok) byAction.set(id.value, read(item, [key, text], reader));
    else reader.reject('schema', [key, text], id.error);
  }
  return byAction;
}

const readLayout = (value: JsonValue, path: JsonPath, reader: Reader): CardLayout => ({
  x: readNumber(value, path, 'x', reader),
  y: readNumber(value, path, 'y', reader),
});

function readNotes(value: JsonObject, reader: Reader): ReadonlyMap<NoteId, StickyNote> {
  const notes = new Map<NoteId, StickyNote>();
  for (const [id, note] of readObject(value, 'notes', reader)) {
    if (reader.isFull()) break;
    const path = ['notes', id];
    const text = isJsonObject(note) ? note.get('text') : undefined;
    if (typeof text !== 'string') reader.reject('schema', [...path, 'text'], 'text must be a text.');
    else {
      const width = readNumber(note, path, 'width', reader);
      const height = readNumber(note, path, 'height', reader);
      notes.set(id as NoteId, { ...readLayout(note, path, reader), width, height, text });
    }
  }
  return notes;
}

function readNumber(value: JsonValue, path: JsonPath, key: string, { reject }: Reader): number {
  const item = isJsonObject(value) ? value.get(key) : undefined;
  const number = item instanceof Numeral ? item.toNumber() : Number.NaN;
  if (Number.isFinite(number)) return number;
  reject('schema', [...path, key], `${key} must be a number of pixels.`);
  return 0;
}

/** A text, or null where it is null or absent. */
export function readName(value: JsonObject, key: string, { reject }: Reader): string | null {
  const item = value.get(key) ?? null;
  if (item === null || typeof item === 'string') return item;
  reject('schema', [key], `${key} must be a text or null.`);
  return null;
}

function readPointers(value: JsonObject, { reject, isFull }: Reader): ReadonlySet<string> {
  const pointers = new Set<string>();
  const list = value.get('allowed_literals') ?? [];
  if (!isJsonArray(list)) reject('schema', ['allowed_literals'], 'allowed_literals must be a list.');
  else {
    for (const [index, pointer] of list.entries()) {
      if (isFull()) break;
      if (typeof pointer === 'string' && parsePointer(pointer) !== undefined) pointers.add(pointer);
      else reject('schema', ['allowed_literals', index], 'Expected a JSON pointer.');
    }
  }
  return pointers;
}

/** The entries of the chain's actions in document order, then those of missing ones. */
function inOrderOf<T>(chain: Chain | undefined, byAction: ReadonlyMap<ActionId, T>): ReadonlyMap<ActionId, T> {
  if (chain === undefined) return byAction;
  const ordered = new Map<ActionId, T>();
  const missing = [...byAction.keys()].filter((id) => !chain.actions.has(id)).sort();
  for (const id of [...chain.actions.keys(), ...missing]) {
    const value = byAction.get(id);
    if (value !== undefined) ordered.set(id, value);
  }
  return ordered;
}

const numbers = (values: { readonly [key: string]: number }): Map<string, JsonValue> =>
  new Map(Object.entries(values).map(([key, value]) => [key, Numeral.of(value)]));

const mapValues = <T>(map: ReadonlyMap<string, T>, toJson: (value: T) => JsonValue): JsonObject =>
  new Map([...map].map(([key, value]) => [key, toJson(value)]));
