import { useMemo } from 'react';
import { useReactFlow } from 'reactflow';
import { toast } from 'sonner';
import { CARD_HEIGHT, CARD_WIDTH, freePlace, positionsOf } from '@/components/canvas/card-positions';
import { focusCard } from '@/components/canvas/focus-card';
import { placesOf } from '@/components/canvas/ghost-places';
import { tidyPositions } from '@/components/canvas/tidy-up';
import { FIT } from '@/components/canvas/use-keep-in-view';
import type { AddWish, Commands } from '@/components/commands/command-context';
import type { EditorStore } from '@/components/editor-store/editor-store';
import type { KnownDefinitions } from '@/components/palette/definitions-context';
import { pointerBelowAction } from '@/components/problems/problem-place';
import type { RunControls } from '@/components/run/use-run';
import { type Action, type Chain, dependenciesOf } from '@/lib/chain/chain';
import { type ActionId, freshActionId } from '@/lib/chain/ids';
import type { CardLayout } from '@/lib/chain/workbench';
import { copyActions, pasteActions } from '@/lib/edit/clipboard';
import type { Edit, EditRefusal } from '@/lib/edit/edit';
import { type Broken, findBroken } from '@/lib/edit/what-breaks';
import { graphOf } from '@/lib/graph/chain-graph';
import { formatPointer } from '@/lib/json/pointer';
import { isJsonObject } from '@/lib/json/value';
import { listNames } from '@/lib/list-names';
import type { Problem } from '@/lib/problems/problem';
import { propertiesOf } from '@/lib/schema/json-schema';

/** The windows of the designer; one at a time. */
export type DesignerWindow =
  | { readonly type: 'add'; readonly wish: AddWish }
  | { readonly type: 'connect'; readonly actionId: ActionId }
  | { readonly type: 'commands' }
  | { readonly type: 'shortcuts' }
  | { readonly type: 'export' }
  | { readonly type: 'import'; readonly files?: readonly File[] }
  | { readonly type: 'map' }
  | { readonly type: 'samples' };

export interface CommandDeps {
  readonly store: EditorStore;
  readonly definitions: () => KnownDefinitions;
  readonly problems: () => readonly Problem[];
  readonly run: RunControls;
  readonly openWindow: (window: DesignerWindow) => void;
}

/** Wires the commands to the open chain. Stable for as long as its parts are: cards read it while they are dragged. */
export function useEditorCommands(deps: CommandDeps): Commands {
  const flow = useReactFlow();
  const { store, definitions, problems, run, openWindow } = deps;
  return useMemo(() => {
    const edit = (change: Edit, burst?: string): boolean => {
      const applied = store.getState().edit(change, burst);
      if (!applied.ok) tellRefusal(applied.error);
      return applied.ok;
    };
    const showAction = (id: ActionId): void => {
      store.getState().selectActions([id]);
      const node = flow.getNode(id);
      if (node === undefined) return;
      const zoom = Math.max(flow.getZoom(), 0.6);
      void flow.setCenter(node.position.x + CARD_WIDTH / 2, node.position.y + CARD_HEIGHT / 2, {
        zoom,
        duration: motionMs(),
      });
      focusCard(id);
    };
    const centerOfView = (): CardLayout => {
      const frame = document.querySelector('.chain-canvas')?.getBoundingClientRect();
      if (frame === undefined) return { x: 0, y: 0 };
      const middle = flow.screenToFlowPosition({ x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 });
      return { x: middle.x - CARD_WIDTH / 2, y: middle.y - CARD_HEIGHT / 2 };
    };
    const takenPlaces = () => placesOf(store.getState().workbench).values();

    const addDefinition: Commands['addDefinition'] = (definitionId, at, connectTo) => {
      const { workbench, selectActions } = store.getState();
      const { actions } = workbench.chain;
      const definition = definitions().byId.get(definitionId);
      const id = freshActionId(definition?.name ?? definitionId, (taken) => actions.has(taken as ActionId));
      const action: Action = {
        definition_id: definitionId,
        depends_on: connectTo?.end === 'source' ? [connectTo.actionId] : [],
        inputs: new Map(),
        ...(definition?.effect == null || definition.effect === 'write' ? {} : { effect: definition.effect }),
        extra: new Map(),
      };
      const place = freePlace(at ?? centerOfView(), takenPlaces());
      const edits: Edit[] = [{ type: 'add-action', id, action, at: place }];
      if (connectTo?.end === 'target') edits.push({ type: 'connect', from: id, to: connectTo.actionId });
      if (!edit({ type: 'batch', edits })) return;
      selectActions([id]);
      focusCard(id);
    };

    const showBroken = (broken: readonly Broken[]): void => {
      const readers = broken.filter((item) => item.reads.length > 0);
      const { actions } = store.getState().workbench.chain;
      const ids = (readers.length > 0 ? readers : broken).map((item) => item.id).filter((id) => actions.has(id));
      store.getState().selectActions(ids);
      if (readers.length > 0) store.getState().openDock('problems');
      else if (ids[0] !== undefined) showAction(ids[0]);
    };

    const deleteActions: Commands['deleteActions'] = (ids, healEdges = false) => {
      if (ids.length === 0) return;
      // Edges go with the actions, or are healed; a template that reads one of them stays, and reads nothing.
      const broken = findBroken(store.getState().workbench.chain, ids);
      if (!edit({ type: 'delete-actions', ids, healEdges })) return;
      store.getState().selectActions([]);
      const names = ids.length === 1 ? ids[0] : `${ids.length} actions`;
      const step = store.getState().undoSteps.at(-1);
      const shown = toast(`Deleted ${names}`, {
        ...(broken.length === 0
          ? {}
          : {
              description: describeBroken(broken, ids.length === 1 ? 'it' : 'them', healEdges),
              cancel: { label: 'Show', onClick: () => showBroken(broken) },
            }),
        action: { label: 'Undo', onClick: () => store.getState().undo() },
      });
      // The offer holds while the deletion is the last step: after another edit it would undo that one.
      const unsubscribe = store.subscribe((state) => {
        if (state.undoSteps.at(-1) === step) return;
        unsubscribe();
        toast.dismiss(shown);
      });
    };

    const paste = (text: string, at: CardLayout): void => {
      const pasted = pasteActions(store.getState().workbench, text, at);
      if (!pasted.ok) {
        toast.error('Nothing was pasted', { description: pasted.error });
        return;
      }
      if (edit(pasted.value.edit)) store.getState().selectActions(pasted.value.ids);
    };
    /** @returns whether the clipboard has it. */
    const copy = (): Promise<boolean> => {
      const { workbench, selectedIds } = store.getState();
      return navigator.clipboard.writeText(copyActions(workbench, selectedIds)).then(
        () => true,
        () => {
          toast.error('The clipboard cannot be written', { description: 'The browser did not allow it.' });
          return false;
        },
      );
    };

    return {
      edit,
      undo: () => store.getState().undo(),
      redo: () => store.getState().redo(),
      addDefinition,
      moveCards: (positions) => void edit({ type: 'move-cards', positions }),
      nudge: (dx, dy) => {
        const { workbench, selectedIds } = store.getState();
        const places = positionsOf(workbench);
        const moved = [...selectedIds].flatMap((id) => {
          const place = places.get(id);
          return place === undefined ? [] : [[id, { x: place.x + dx, y: place.y + dy }] as const];
        });
        edit({ type: 'move-cards', positions: new Map(moved) }, 'nudge');
      },
      connect: (from, to) => void edit({ type: 'connect', from, to }),
      connectAfterCut: (from, to, cut) =>
        void edit({
          type: 'batch',
          edits: [
            { type: 'disconnect', edges: [cut] },
            { type: 'connect', from, to },
          ],
        }),
      disconnect: (edges) => {
        if (edit({ type: 'disconnect', edges })) store.getState().selectEdges([]);
      },
      deleteActions,
      deleteSelection: (healEdges) => {
        const { selectedIds, selectedEdges, selectEdges } = store.getState();
        if (selectedIds.size > 0) deleteActions([...selectedIds], healEdges);
        else if (selectedEdges.length > 0 && edit({ type: 'disconnect', edges: selectedEdges })) selectEdges([]);
      },
      duplicate: (ids) => {
        const { workbench } = store.getState();
        const first = positionsOf(workbench).get(ids[0] as ActionId) ?? { x: 0, y: 0 };
        paste(
          copyActions(workbench, ids),
          freePlace({ x: first.x + 32, y: first.y + CARD_HEIGHT + 48 }, takenPlaces()),
        );
      },
      copy: () => void copy(),
      cut: () => {
        const ids = [...store.getState().selectedIds];
        void copy().then((isCopied) => isCopied && deleteActions(ids));
      },
      paste: () => {
        navigator.clipboard.readText().then(
          (text) => paste(text, freePlace(centerOfView(), takenPlaces())),
          () => toast.error('The clipboard cannot be read', { description: 'The browser did not allow it.' }),
        );
      },
      selectAll: () => store.getState().selectActions(store.getState().workbench.chain.actions.keys()),
      walk: (direction) => {
        const { workbench, selectedIds } = store.getState();
        const [current] = selectedIds;
        const next = neighbourOf(workbench.chain, positionsOf(workbench), current, direction);
        if (next !== undefined) showAction(next);
      },
      toggleDisabled: () => {
        const { workbench, selectedIds } = store.getState();
        const ids = [...selectedIds];
        const isEnabling = ids.every((id) => workbench.chain.actions.get(id)?.disabled === true);
        edit({
          type: 'batch',
          edits: ids.map((id) => ({ type: 'patch-action', id, patch: { disabled: isEnabling ? undefined : true } })),
        });
      },
      tidyUp: () => {
        void tidyPositions(store.getState().workbench.chain).then(
          (positions) => {
            // What was edited meanwhile is not in the answer; those cards stay.
            const { actions } = store.getState().workbench.chain;
            edit({ type: 'move-cards', positions: new Map([...positions].filter(([id]) => actions.has(id))) });
            requestAnimationFrame(() => void flow.fitView({ ...FIT, duration: motionMs() }));
          },
          (error: unknown) => toast.error('The cards were not tidied up', { description: String(error) }),
        );
      },
      fitView: () => void flow.fitView({ ...FIT, duration: motionMs() }),
      zoomToActual: () => void flow.zoomTo(1, { duration: motionMs() }),
      showAction,
      focusCard,
      openInspectorOf: (id) => {
        const action = store.getState().workbench.chain.actions.get(id);
        const definition = definitions().byId.get(action?.definition_id ?? '');
        // The inspector shows the definition's fields first, filled or not.
        const declared = definition?.inputSchema == null ? [] : propertiesOf(definition.inputSchema);
        const [first] = [
          ...declared.map(({ name }) => name),
          ...(isJsonObject(action?.inputs) ? action.inputs.keys() : []),
        ];
        store.getState().focusField(id, first === undefined ? '' : formatPointer(['inputs', first]));
      },
      openAdd: (wish) => openWindow({ type: 'add', wish }),
      openConnect: (actionId) => openWindow({ type: 'connect', actionId }),
      openRename: (id) => {
        store.getState().selectActions([id]);
        store.getState().openInspector('inputs');
        requestAnimationFrame(() =>
          document.querySelector<HTMLInputElement>('input[aria-label="Action id"]')?.select(),
        );
      },
      openPalette: () => openWindow({ type: 'commands' }),
      openShortcuts: () => openWindow({ type: 'shortcuts' }),
      openExport: () => openWindow({ type: 'export' }),
      openImport: () => openWindow({ type: 'import' }),
      openConnectionMap: () => openWindow({ type: 'map' }),
      nextProblem: () => {
        const found = problems().filter((problem) => problem.action !== undefined);
        const { focusedField, focusField, openDock } = store.getState();
        const at = found.findIndex(
          (problem) =>
            problem.action === focusedField?.actionId && pointerBelowAction(problem) === focusedField?.pointer,
        );
        const next = found[(at + 1) % Math.max(1, found.length)];
        if (next?.action === undefined) {
          openDock('problems');
          return;
        }
        showAction(next.action);
        focusField(next.action, pointerBelowAction(next));
      },
      run: () => void run.run(),
      runUpTo: (id) => void run.runUpTo(id),
      stop: () => void run.stop(),
    };
  }, [store, definitions, problems, run, openWindow, flow]);
}

/** `2 actions waited for it, 3 templates read it: enrich_data, update_crm`. */
function describeBroken(broken: readonly Broken[], gone: 'it' | 'them', areEdgesHealed: boolean): string {
  const waiting = areEdgesHealed ? 0 : broken.filter((item) => item.dependsOn.length > 0).length;
  const reading = broken.reduce((sum, item) => sum + item.reads.length, 0);
  return [
    [
      ...(waiting > 0 ? [`${waiting} ${waiting === 1 ? 'action' : 'actions'} waited for ${gone}`] : []),
      ...(reading > 0 ? [`${reading} ${reading === 1 ? 'template reads' : 'templates read'} ${gone}`] : []),
      ...(waiting + reading === 0 ? ['Their edges are joined'] : []),
    ].join(', '),
    `: ${listNames(
      broken.map((item) => item.id),
      NAMES_MAX,
    )}`,
  ].join('');
}

const NAMES_MAX = 4;

function tellRefusal(refusal: EditRefusal): void {
  toast.error('That cannot be done', { description: refusal.message });
}

const motionMs = (): number => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200);

/** Along an edge to the left or right; to the nearest card above or below. Without a start, the first action. */
function neighbourOf(
  chain: Chain,
  places: ReadonlyMap<ActionId, CardLayout>,
  current: ActionId | undefined,
  direction: 'left' | 'right' | 'up' | 'down',
): ActionId | undefined {
  const action = current === undefined ? undefined : chain.actions.get(current);
  if (current === undefined || action === undefined) return chain.actions.keys().next().value;
  if (direction === 'left') return dependenciesOf(action).find((id) => chain.actions.has(id));
  if (direction === 'right') return graphOf(chain).successors.get(current)?.[0];
  const here = places.get(current);
  if (here === undefined) return undefined;
  const sign = direction === 'down' ? 1 : -1;
  let best: ActionId | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [id, place] of places) {
    const ahead = (place.y - here.y) * sign;
    if (id === current || ahead <= 0) continue;
    const distance = ahead + 2 * Math.abs(place.x - here.x);
    if (distance < bestDistance) [best, bestDistance] = [id, distance];
  }
  return best;
}
