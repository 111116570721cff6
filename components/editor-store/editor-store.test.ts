import { describe, expect, it } from 'vitest';
import type { ActionId, RunId } from '@/lib/chain/ids';
import { printChain } from '@/lib/chain/print-chain';
import { workbenchOf } from '@/lib/chain/workbench';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import type { RunEvent } from '@/lib/run/events';
import { chainOf } from '@/testing/chain-builder';
import { createEditorStore } from './editor-store';
import { isRunActive } from './run-slice';

const RUN = '3f2b1c0e-8f5d-4f7e-9a51-2b9d0c1e7a10' as RunId;
const ENRICH = 'enrich_data' as ActionId;
const event = (seq: number, actionId = 'enrich_data'): RunEvent => ({
  type: 'action.queued',
  actionId: actionId as ActionId,
  runId: RUN,
  seq,
  atMs: seq,
});

function open() {
  const clock = { nowMs: 0 };
  const store = createEditorStore(exampleWorkbench(), () => clock.nowMs);
  const text = (): string => printChain(store.getState().workbench.chain);
  const type = (value: string) =>
    store.getState().edit({ type: 'set-input', id: ENRICH, path: ['customer_id'], value }, 'typing');
  return { store, clock, text, type };
}

describe('undo', () => {
  it('takes a burst of typing back in one step, byte for byte', () => {
    const { store, clock, text, type } = open();
    const before = text();
    for (const value of ['{', '{{', '{{ x }}']) {
      type(value);
      clock.nowMs += 200;
    }
    expect(store.getState().undoSteps).toHaveLength(1);
    store.getState().undo();
    expect(text()).toBe(before);
  });

  it('starts a new step after a second of rest', () => {
    const { store, clock, type } = open();
    type('a');
    clock.nowMs += 1000;
    type('b');
    expect(store.getState().undoSteps).toHaveLength(2);
  });

  it('does not join typing onto a step that was just redone', () => {
    const { store, type } = open();
    type('a');
    store.getState().undo();
    store.getState().redo();
    type('b');
    expect(store.getState().undoSteps).toHaveLength(2);
  });

  it('forgets what could be redone when something else is edited', () => {
    const { store, type } = open();
    type('a');
    store.getState().undo();
    type('b');
    expect(store.getState().redoSteps).toEqual([]);
  });

  it('puts a deleted action back where it stood in the document', () => {
    const { store, text } = open();
    const before = text();
    store.getState().edit({ type: 'delete-actions', ids: ['fetch_customer' as ActionId], healEdges: false });
    expect(text()).not.toBe(before);
    store.getState().undo();
    expect(text()).toBe(before);
  });

  it('gives a refused edit back and changes nothing', () => {
    const { store, text } = open();
    const before = text();
    const refused = store
      .getState()
      .edit({ type: 'connect', from: 'update_crm' as ActionId, to: 'fetch_customer' as ActionId });
    expect(refused).toMatchObject({ ok: false, error: { type: 'would-cycle' } });
    expect(text()).toBe(before);
    expect(store.getState().undoSteps).toEqual([]);
  });
});

describe('the run on show', () => {
  const started: RunEvent = {
    type: 'run.started',
    chainHash: 'h',
    traceId: RUN,
    connection: { id: 'simulator', name: 'Simulator', purpose: 'simulator' },
    actions: [{ actionId: ENRICH, definitionId: 'd', needs: [] }],
    engineVersion: 1,
    runId: RUN,
    seq: 1,
    atMs: 1,
  };

  it('never touches the workbench or the history', () => {
    const { store } = open();
    const { workbench } = store.getState();
    store.getState().showRun(RUN);
    store.getState().receiveRunEvents([started, event(2)]);
    expect(store.getState().run?.actionById.get(ENRICH)?.status).toBe('queued');
    expect(store.getState().workbench).toBe(workbench);
    expect(store.getState().undoSteps).toEqual([]);
  });

  it('asks to resend after the last event when a batch has a gap', () => {
    const { store } = open();
    store.getState().showRun(RUN);
    store.getState().receiveRunEvents([started]);
    expect(store.getState().receiveRunEvents([event(3)])).toBe(1);
    expect(store.getState().run?.lastSeq).toBe(1);
  });

  it('wakes nobody for events that were already shown, or of another run', () => {
    const { store } = open();
    store.getState().showRun(RUN);
    store.getState().receiveRunEvents([started, event(2)]);
    const { run } = store.getState();
    store.getState().receiveRunEvents([event(2), { ...event(3), runId: 'other' as RunId }]);
    expect(store.getState().run).toBe(run);
  });
});

describe('starting a run', () => {
  it('lasts until the run gives a sign of life, or the connection to it is lost', () => {
    const { store } = open();
    store.getState().receiveStart(true);
    store.getState().showRun(RUN);
    expect(store.getState().isStartingRun).toBe(true);
    store.getState().receiveRunEvents([{ ...event(1), type: 'run.cancel-requested' } as RunEvent]);
    expect(store.getState().isStartingRun).toBe(false);
    store.getState().receiveStart(true);
    store.getState().receiveStreamStatus('lost');
    expect(store.getState().isStartingRun).toBe(false);
  });

  it('is over for a run without an end that nobody drives any more', () => {
    const { store } = open();
    store.getState().showRun(RUN);
    store.getState().receiveRunEvents([{ ...event(1), type: 'run.cancel-requested' } as RunEvent]);
    expect(isRunActive(store.getState())).toBe(true);
    store.getState().showRun(RUN, true);
    store.getState().receiveRunEvents([{ ...event(1), type: 'run.cancel-requested' } as RunEvent]);
    expect(isRunActive(store.getState())).toBe(false);
  });
});

it('leaves nothing selected that an undo has taken away, so that the inspector shows what the canvas does', () => {
  const store = createEditorStore(workbenchOf(chainOf('A B', 'A>B')), () => 0);
  const [a, b] = ['A', 'B'] as [ActionId, ActionId];
  store.getState().selectActions([a, b]);
  store.getState().selectEdges([{ from: a, to: b }]);
  store.getState().edit({ type: 'delete-actions', ids: [b], healEdges: false });
  expect([[...store.getState().selectedIds], store.getState().selectedEdges]).toEqual([['A'], []]);
  store.getState().undo();
  store.getState().selectActions([b]);
  store.getState().redo();
  expect([...store.getState().selectedIds]).toEqual([]);
});
