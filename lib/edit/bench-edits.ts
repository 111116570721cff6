import type { ActionId } from '@/lib/chain/ids';
import { chainToJson } from '@/lib/chain/print-chain';
import type { CardLayout, StickyNote, Workbench } from '@/lib/chain/workbench';
import { clipText } from '@/lib/clip-text';
import { findAtPath, parsePointer } from '@/lib/json/pointer';
import { isSameJson, type JsonValue } from '@/lib/json/value';
import { err, ok } from '@/lib/result';
import { findBadPosition, patched } from './action-edits';
import { findBadHead } from './check-record';
import type { ChainPatch, Edit } from './edit';
import { type Edited, noSuchPlace, unknownAction } from './refusals';

type EditOf<Type extends Edit['type']> = Extract<Edit, { readonly type: Type }>;

/** Name, description, settings and inputs of the chain itself. */
export function patchChain(workbench: Workbench, patch: ChainPatch): Edited {
  const chain = patched(workbench.chain, patch);
  if (chain === workbench.chain) return ok(workbench);
  const bad = findBadHead(chain);
  return bad === undefined ? ok({ ...workbench, chain }) : err(bad);
}

export function moveCards(workbench: Workbench, positions: ReadonlyMap<ActionId, CardLayout>): Edited {
  const moved = new Map<ActionId, CardLayout>();
  for (const [id, at] of positions) {
    if (!workbench.chain.actions.has(id)) return err(unknownAction(id));
    const bad = findBadPosition(at);
    if (bad !== undefined) return err(bad);
    const old = workbench.layout.get(id);
    if (old?.x !== at.x || old.y !== at.y) moved.set(id, at);
  }
  return ok(moved.size === 0 ? workbench : { ...workbench, layout: new Map([...workbench.layout, ...moved]) });
}

/** Taking the chosen set out leaves none chosen. */
export function setSampleInput(workbench: Workbench, { name, value }: EditOf<'set-sample-input'>): Edited {
  const sampleInputs = withValue(workbench.sampleInputs, name, value);
  if (sampleInputs === undefined) return err(noSuchPlace(`There is no sample input set “${clipText(name, 200)}”.`));
  if (sampleInputs === workbench.sampleInputs) return ok(workbench);
  const isChosenGone = value === undefined && workbench.sampleInputName === name;
  return ok({ ...workbench, sampleInputs, ...(isChosenGone ? { sampleInputName: null } : {}) });
}

export function chooseSampleInput(workbench: Workbench, { name }: EditOf<'choose-sample-input'>): Edited {
  if (name !== null && !workbench.sampleInputs.has(name)) {
    return err(noSuchPlace(`There is no sample input set “${clipText(name, 200)}”.`));
  }
  return ok(patched(workbench, { sampleInputName: name }));
}

export const chooseConnection = (workbench: Workbench, { connectionId }: EditOf<'choose-connection'>): Edited =>
  ok(patched(workbench, { connectionId }));

export function setPin(workbench: Workbench, { id, output }: EditOf<'set-pin'>): Edited {
  if (!workbench.chain.actions.has(id)) return err(unknownAction(id));
  const pins = withValue(workbench.pins, id, output);
  return pins === undefined ? err(noSuchPlace(`${id} has no pin.`)) : ok(patched(workbench, { pins }));
}

export function allowLiteral(workbench: Workbench, { pointer }: EditOf<'allow-literal'>): Edited {
  const path = parsePointer(pointer);
  if (path === undefined || findAtPath(chainToJson(workbench.chain), path) === undefined) {
    return err(noSuchPlace(`Nothing stands at ${clipText(pointer, 200) || 'the empty pointer'} in this chain.`));
  }
  if (workbench.allowedLiterals.has(pointer)) return ok(workbench);
  return ok({ ...workbench, allowedLiterals: new Set(workbench.allowedLiterals).add(pointer) });
}

/** A chosen sample input that the sidecar does not have counts as none chosen. */
export function applySidecar(workbench: Workbench, { sidecar }: EditOf<'apply-sidecar'>): Edited {
  for (const box of [...sidecar.layout.values(), ...sidecar.notes.values()]) {
    const bad = findBadPosition(box);
    if (bad !== undefined) return err(bad);
  }
  const { sampleInputs, sampleInputName } = sidecar;
  return ok({
    ...workbench,
    layout: sidecar.layout,
    notes: withShared(sidecar.notes, workbench.notes, isSameNote),
    sampleInputs: withShared(sampleInputs, workbench.sampleInputs, isSameJson),
    pins: withShared(sidecar.pins, workbench.pins, isSameJson),
    allowedLiterals: isSameList([...sidecar.allowedLiterals], [...workbench.allowedLiterals])
      ? workbench.allowedLiterals
      : sidecar.allowedLiterals,
    sampleInputName: sampleInputName !== null && sampleInputs.has(sampleInputName) ? sampleInputName : null,
  });
}

/** The same entries; those that are equal to what stood there are the very objects, so that a diff passes them over. */
const withShared = <K, V>(
  next: ReadonlyMap<K, V>,
  before: ReadonlyMap<K, V>,
  isSame: (a: V, b: V) => boolean,
): ReadonlyMap<K, V> =>
  new Map(
    [...next].map(([key, value]) => {
      const old = before.get(key);
      return [key, old !== undefined && isSame(old, value) ? old : value];
    }),
  );

const isSameNote = (a: StickyNote, b: StickyNote): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height && a.text === b.text;

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);

/** With the value set, or taken out when it is undefined: then undefined when there is none. The same map when nothing changes. */
function withValue<K>(
  map: ReadonlyMap<K, JsonValue>,
  key: K,
  value: JsonValue | undefined,
): ReadonlyMap<K, JsonValue> | undefined {
  const present = map.get(key);
  if (value !== undefined) {
    return present !== undefined && isSameJson(present, value) ? map : new Map(map).set(key, value);
  }
  if (present === undefined) return undefined;
  const left = new Map(map);
  left.delete(key);
  return left;
}
