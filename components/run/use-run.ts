import { useCallback, useEffect, useRef } from 'react';
import { toast } from 'sonner';
import type { EditorStore } from '@/components/editor-store/editor-store';
import { isRunActive } from '@/components/editor-store/run-slice';
import { cancelRun, listRuns, pageRunEvents, resumeRun, startRun } from '@/components/server-data/api-client';
import type { ActionId, RunId } from '@/lib/chain/ids';
import { printChain } from '@/lib/chain/print-chain';
import { sampleInputOf } from '@/lib/chain/sample-input';
import { printCompactJson } from '@/lib/json/print-json';
import { browserStreamDeps, followRun } from './run-stream';

export interface RunControls {
  readonly run: () => Promise<void>;
  readonly runUpTo: (id: ActionId) => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Takes over the run on show, which nobody drives any more. */
  readonly resume: () => Promise<void>;
}

const pageEvents = async (runId: RunId, afterSeq: number) => {
  const page = await pageRunEvents(runId, afterSeq);
  if (!page.ok) throw new Error(page.error.message);
  return page.value.events;
};

/** Starts, follows and stops runs of the open chain. Every chain run is the one that stands on the canvas at that moment. */
export function useRun(store: EditorStore, chainId: string, beforeRun: () => Promise<void>): RunControls {
  const stream = useRef<{ readonly close: () => void } | null>(null);

  const show = useCallback(
    (runId: RunId, isAbandoned = false) => {
      stream.current?.close();
      store.getState().showRun(runId, isAbandoned);
      stream.current = followRun(
        runId,
        {
          receive: (events) => store.getState().receiveRunEvents(events),
          status: (status) => store.getState().receiveStreamStatus(status),
        },
        browserStreamDeps(pageEvents),
      );
    },
    [store],
  );

  // The last run of the chain stays on show over a reload: what was seen is not lost.
  useEffect(() => {
    let isGone = false;
    void listRuns(chainId).then((answer) => {
      const latest = answer.ok ? answer.value[0] : undefined;
      if (!isGone && latest !== undefined && store.getState().run === null)
        show(latest.runId as RunId, latest.isAbandoned);
    });
    return () => {
      isGone = true;
      stream.current?.close();
    };
  }, [chainId, store, show]);

  const start = useCallback(
    async (request: { readonly type: 'all' } | { readonly type: 'up-to'; readonly actionId: ActionId }) => {
      const before = store.getState();
      if (before.isStartingRun || isRunActive(before)) return;
      before.receiveStart(true);
      await beforeRun();
      const { workbench, openDock, receiveStart } = store.getState();
      const started = await startRun({
        documentText: printChain(workbench.chain),
        inputText: printCompactJson(sampleInputOf(workbench)),
        chainId,
        connectionId: workbench.connectionId,
        pinsText: printCompactJson(new Map(workbench.pins)),
        allowedLiterals: [...workbench.allowedLiterals],
        request,
      });
      if (started.ok) {
        show(started.value.runId as RunId);
        openDock('run');
        return;
      }
      receiveStart(false);
      const problems = started.error.type === 'refused' ? (started.error.problem?.problems ?? []) : [];
      toast.error('The run was not started', {
        description:
          problems.length === 0
            ? started.error.message
            : problems
                .map((problem) => problem.message)
                .slice(0, 3)
                .join(' '),
        duration: 10_000,
      });
      if (problems.some((problem) => problem.path.startsWith('/actions'))) openDock('problems');
    },
    [store, chainId, beforeRun, show],
  );

  return {
    run: useCallback(() => start({ type: 'all' }), [start]),
    runUpTo: useCallback((actionId) => start({ type: 'up-to', actionId }), [start]),
    stop: useCallback(async () => {
      const runId = store.getState().run?.runId;
      if (runId === undefined) return;
      const answer = await cancelRun(runId);
      if (!answer.ok) toast.error('The run could not be stopped', { description: answer.error.message });
    }, [store]),
    resume: useCallback(async () => {
      const runId = store.getState().run?.runId;
      if (runId === undefined) return;
      const answer = await resumeRun(runId);
      if (answer.ok) show(runId);
      else toast.error('The run could not be resumed', { description: answer.error.message });
    }, [store, show]),
  };
}
