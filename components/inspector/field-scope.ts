import { useMemo } from 'react';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { useDefinitions } from '@/components/palette/definitions-context';
import type { Chain } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { sampleInputOf } from '@/lib/chain/sample-input';
import type { Workbench } from '@/lib/chain/workbench';
import { graphOf } from '@/lib/graph/chain-graph';
import { findAncestors } from '@/lib/graph/reach';
import { parseJson } from '@/lib/json/parse-json';
import type { JsonText, JsonValue } from '@/lib/json/value';
import type { RunState } from '@/lib/run/reduce-run';
import type { CompletionScope } from '@/lib/template/complete';

/** Outputs are parsed once however many fields look at them. Large ones are not fetched for a preview. */
const parsed = new WeakMap<object, JsonValue | null>();

function outputOf(run: RunState | null, workbench: Workbench, id: ActionId): JsonValue | null {
  const pin = workbench.pins.get(id);
  if (pin !== undefined) return pin;
  const state = run?.actionById.get(id);
  if (state?.status !== 'completed' || state.output.type !== 'inline') return null;
  const known = parsed.get(state.output);
  if (known !== undefined) return known;
  const value = readOutput(state.output.text);
  parsed.set(state.output, value);
  return value;
}

function readOutput(text: JsonText): JsonValue | null {
  const result = parseJson(text);
  return result.ok ? result.value : null;
}

/** What a template of one action may read, for completion: schemas first, samples from the run on show. */
export function useCompletionScope(actionId: ActionId): CompletionScope {
  const chain = useEditor((state) => state.workbench.chain);
  const workbench = useEditor((state) => state.workbench);
  const run = useEditor((state) => state.run);
  const { byId } = useDefinitions();
  return useMemo(() => {
    const actions = new Map(
      ancestorsOf(chain, actionId).map((id) => [
        id,
        {
          schema: byId.get(chain.actions.get(id)?.definition_id ?? '')?.outputSchema ?? null,
          sample: outputOf(run, workbench, id),
        },
      ]),
    );
    return { input: chain.inputs ?? null, actions };
  }, [chain, workbench, run, byId, actionId]);
}

/** Values for the preview beneath a field; `missing` holds the ancestors that have no output yet. */
export function usePreviewScope(actionId: ActionId): {
  readonly scope: ReadonlyMap<string, JsonValue>;
  readonly missing: ReadonlySet<string>;
} {
  const workbench = useEditor((state) => state.workbench);
  const run = useEditor((state) => state.run);
  return useMemo(() => {
    const scope = new Map<string, JsonValue>([['input', sampleInputOf(workbench)]]);
    const missing = new Set<string>();
    for (const id of ancestorsOf(workbench.chain, actionId)) {
      const output = outputOf(run, workbench, id);
      if (output === null) missing.add(id);
      else scope.set(id, output);
    }
    return { scope, missing };
  }, [workbench, run, actionId]);
}

const ancestorsOf = (chain: Chain, id: ActionId): ActionId[] => {
  const above = findAncestors(graphOf(chain), id);
  return [...chain.actions.keys()].filter((other) => above.has(other));
};
