// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { Tooltip } from 'radix-ui';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEditorStore, type EditorStore } from '@/components/editor-store/editor-store';
import { EditorStoreProvider } from '@/components/editor-store/editor-store-provider';
import type { ActionId, RunId } from '@/lib/chain/ids';
import { parseChainText } from '@/lib/chain/parse-chain';
import { hashChain } from '@/lib/chain/print-chain';
import { workbenchOf } from '@/lib/chain/workbench';
import { buildFailure } from '@/lib/failure/action-failure';
import type { JsonText } from '@/lib/json/value';
import type { RunEvent, RunFact } from '@/lib/run/events';
import { RunDock } from './run-dock';

const RUN = '7d9f1c5e-0000-4000-8000-000000000001' as RunId;
const [FETCH, ENRICH, UPDATE] = ['fetch_customer', 'enrich_data', 'update_crm'] as ActionId[] as [
  ActionId,
  ActionId,
  ActionId,
];
const inline = (text: string) => ({ type: 'inline', text: text as JsonText }) as const;

const CHAIN = (() => {
  const parsed = parseChainText(
    JSON.stringify({
      format: 'chainwright.chain/1',
      actions: {
        [FETCH]: { definition_id: 'd1', inputs: { account: '{{ input.account_id }}' } },
        [ENRICH]: {
          definition_id: 'd2',
          when: '{{ true }}',
          depends_on: [FETCH],
          inputs: { id: '{{ fetch_customer.customer_id }}' },
        },
        [UPDATE]: { definition_id: 'd3', depends_on: [ENRICH] },
      },
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
})();

const STARTED: RunFact = {
  type: 'run.started',
  chainHash: hashChain(CHAIN),
  traceId: RUN,
  connection: { id: 'sim', name: 'Simulator', purpose: 'simulator' },
  actions: [
    { actionId: FETCH, definitionId: 'd1', needs: [] },
    { actionId: ENRICH, definitionId: 'd2', needs: [FETCH] },
    { actionId: UPDATE, definitionId: 'd3', needs: [ENRICH] },
  ],
  engineVersion: 1,
};
const started = (actionId: ActionId, inputs: string, attempt = 1): RunFact => ({
  type: 'action.started',
  actionId,
  attempt,
  inputs: inline(inputs),
  callKey: 'k',
  warnings: [],
});
const FETCHED: RunFact = {
  type: 'action.completed',
  actionId: FETCH,
  attempt: 1,
  output: inline('{"customer_id": "C-1042"}'),
  envelope: inline('{"status": "completed"}'),
  latencyMs: 412,
  provenance: 'simulated',
  replaced: null,
};
const TIMED_OUT: RunFact = {
  type: 'action.failed',
  actionId: ENRICH,
  attempt: 1,
  failure: buildFailure({ kind: 'timeout', message: 'No answer within 30 s.', wasSent: true }),
  envelope: null,
  latencyMs: 30_000,
  retriesEnded: 'not-listed',
};
const HALTED: RunFact = { type: 'action.skipped', actionId: UPDATE, because: { type: 'halted', by: ENRICH } };

let store: EditorStore;
const props = { onStop: vi.fn(), onRunAgain: vi.fn(), onResume: vi.fn(), onClose: vi.fn(), problemCount: 2 };

function show(): void {
  render(
    <Tooltip.Provider>
      <EditorStoreProvider store={store}>
        <RunDock {...props} problemsTab={<p>two problems</p>} loadBody={() => Promise.reject(new Error('none'))} />
      </EditorStoreProvider>
    </Tooltip.Provider>,
  );
}

/** Tells facts to the store as the stream would, half a second apart. */
function receive(...facts: RunFact[]): void {
  act(() => {
    store.getState().showRun(RUN);
    const seq = store.getState().run!.lastSeq;
    const events = facts.map((fact, i): RunEvent => ({ ...fact, runId: RUN, seq: seq + 1 + i, atMs: (seq + i) * 500 }));
    expect(store.getState().receiveRunEvents(events)).toBeNull();
    vi.advanceTimersByTime(200);
  });
}

const openTab = (name: RegExp): void => {
  fireEvent.mouseDown(screen.getByRole('tab', { name }), { button: 0 });
};

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  store = createEditorStore(workbenchOf(CHAIN), () => 0);
  store.getState().openDock('run');
  vi.clearAllMocks();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('RunDock', () => {
  it('says what to do while nothing has run', () => {
    show();
    expect(document.body.textContent).toMatch(/Run the chain to see each call here\. Press Run or .+Enter\./);
  });

  it('shows a run as it goes: state, progress, connection and provenance, and stops it', () => {
    show();
    receive(STARTED, started(FETCH, '{}'), FETCHED, started(ENRICH, '{}'));
    const header = screen.getByRole('group', { name: 'The run' });
    expect(header.textContent).toContain('Running');
    expect(header.textContent).toContain('1 of 3');
    expect(header.textContent).toContain('Simulator');
    expect(header.textContent).toContain('1 simulated');
    fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(props.onStop).toHaveBeenCalledOnce();
  });

  it('ticks while the run lasts and stands still after it', () => {
    show();
    receive(STARTED, started(FETCH, '{}'));
    act(() => vi.advanceTimersByTime(2000));
    expect(screen.getByRole('group', { name: 'The run' }).textContent).toContain('2.2 s');
    receive(FETCHED, { type: 'run.finished', status: 'completed' });
    act(() => vi.advanceTimersByTime(5000));
    expect(screen.getByRole('group', { name: 'The run' }).textContent).toContain('1.50 s');
    fireEvent.click(screen.getByRole('button', { name: 'Run again' }));
    expect(props.onRunAgain).toHaveBeenCalledOnce();
  });

  it('names every row by its state, and selects with pointer and keys as the canvas does', () => {
    show();
    receive(STARTED, started(FETCH, '{}'), FETCHED, started(ENRICH, '{}'), TIMED_OUT, HALTED);
    const names = screen.getAllByRole('option').map((row) => row.getAttribute('aria-label'));
    expect(names).toEqual([
      'fetch_customer, completed in 412 ms',
      'enrich_data, Timed out after 30 s',
      'update_crm, skipped',
    ]);
    fireEvent.click(screen.getByRole('option', { name: /enrich_data/ }));
    expect([...store.getState().selectedIds]).toEqual([ENRICH]);
    fireEvent.keyDown(screen.getByRole('listbox'), { key: 'ArrowDown' });
    expect([...store.getState().selectedIds]).toEqual([UPDATE]);
    act(() => store.getState().selectActions([FETCH]));
    expect(screen.getByRole('option', { selected: true }).getAttribute('aria-label')).toContain('fetch_customer');
  });

  it('explains a failure: that it may have taken effect, why, and what to do next', () => {
    show();
    receive(STARTED, started(FETCH, '{}'), FETCHED, started(ENRICH, '{"id": "C-1042"}'), TIMED_OUT);
    act(() => store.getState().selectActions([ENRICH]));
    const notice = screen.getByRole('group', { name: 'Why enrich_data failed' });
    expect(notice.textContent).toContain('No answer within 30 s.');
    expect(notice.textContent).toContain('may have taken effect');
    expect(notice.textContent).toContain('not tried again');
    fireEvent.click(within(notice).getAllByRole('button', { name: 'Open policy' })[0]!);
    expect(store.getState()).toMatchObject({ inspectorTab: 'policy', isInspectorOpen: true });
  });

  it.each([
    ['/id', '/inputs/id', 'inputs'],
    ['/when', '/when', 'policy'],
  ])('leads from a template error at %s to its field', (path, pointer, inspectorTab) => {
    show();
    const where = { path, line: 1, column: 4, length: 3 };
    const failure = buildFailure({ kind: 'template_error', message: 'No such field.', wasSent: false, where });
    receive(STARTED, { ...TIMED_OUT, failure, latencyMs: 0 } as RunFact);
    act(() => store.getState().selectActions([ENRICH]));
    fireEvent.click(screen.getAllByRole('button', { name: 'Go to the field' })[0]!);
    expect(store.getState()).toMatchObject({ focusedField: { actionId: ENRICH, pointer }, inspectorTab });
  });

  it('sets the template of each field beside what was sent, also when the action failed', () => {
    show();
    receive(STARTED, started(FETCH, '{}'), FETCHED, started(ENRICH, '{"id": "C-1042"}'), TIMED_OUT);
    act(() => store.getState().selectActions([ENRICH]));
    const row = screen.getByRole('row', { name: /^id / });
    expect(row.textContent).toBe('id{{ fetch_customer.customer_id }}"C-1042"');
  });

  it('shows output and answer of an action that completed', () => {
    show();
    receive(STARTED, started(FETCH, '{}'), FETCHED);
    act(() => store.getState().selectActions([FETCH]));
    expect(screen.getByRole('list', { name: 'Output of fetch_customer' }).textContent).toContain('"C-1042"');
    expect(screen.getByRole('list', { name: 'Answer to fetch_customer' }).textContent).toContain('"completed"');
  });

  it('says that the connection is lost, and that the run goes on', () => {
    show();
    receive(STARTED);
    act(() => store.getState().receiveStreamStatus('lost'));
    expect(screen.getByRole('status').textContent).toBe('Connection lost, the run continues on the server');
  });

  it('says when the design is no longer what ran', () => {
    show();
    receive({ ...STARTED, chainHash: 'f'.repeat(64) } as RunFact);
    expect(screen.queryByText('design changed since this run')).not.toBeNull();
  });

  it('does not call the same design changed', () => {
    show();
    receive(STARTED);
    expect(screen.queryByText('design changed since this run')).toBeNull();
  });

  it('tells the run in sentences with times since its start', () => {
    show();
    receive(STARTED, started(FETCH, '{}'), FETCHED, started(ENRICH, '{}'), TIMED_OUT, HALTED);
    openTab(/Log/);
    const lines = within(screen.getByRole('region', { name: 'Log of the run' })).getAllByRole('listitem');
    expect(lines.map((line) => line.textContent)).toEqual([
      '+0.000 sThe run started: 3 actions on Simulator (simulator)',
      '+0.500 sfetch_customer started',
      '+1.000 sfetch_customer completed in 412 ms',
      '+1.500 senrich_data started',
      '+2.000 senrich_data failed: Timed out after 30 s. No answer within 30 s.',
      '+2.500 supdate_crm was skipped. enrich_data failed and halted the run.',
    ]);
  });

  it('shows the audit trace as JSON lines', () => {
    show();
    receive(STARTED, started(FETCH, '{}'), FETCHED);
    openTab(/Trace/);
    const lines = within(screen.getByRole('region', { name: 'Audit trace' })).getAllByRole('listitem');
    expect(lines.map((line) => JSON.parse(line.textContent!).event)).toEqual([
      'run_started',
      'action_started',
      'action_completed',
    ]);
  });

  it('shows the outputs of all actions that completed', () => {
    show();
    receive(STARTED, started(FETCH, '{}'));
    openTab(/Values/);
    expect(document.body.textContent).toContain('No action has completed yet.');
    receive(FETCHED);
    expect(screen.getByRole('region', { name: 'Output of fetch_customer' }).textContent).toContain('"C-1042"');
  });

  it('counts the problems on their tab and shows them', () => {
    show();
    openTab(/Problems/);
    expect(screen.getByRole('tab', { name: /Problems\s*2/ })).not.toBeNull();
    expect(screen.queryByText('two problems')).not.toBeNull();
    expect(store.getState().dockTab).toBe('problems');
  });
});
