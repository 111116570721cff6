'use client';

import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useDeferredValue, useMemo } from 'react';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { useDefinitions } from '@/components/palette/definitions-context';
import { checkableDefinitions } from '@/components/palette/known-definitions';
import { secretNamesQuery } from '@/components/server-data/queries';
import type { ActionId } from '@/lib/chain/ids';
import { findChainProblems, type Known, NOTHING_KNOWN } from '@/lib/problems/find-problems';
import type { Problem } from '@/lib/problems/problem';

interface ProblemsFound {
  readonly all: readonly Problem[];
  /** What they were found with. */
  readonly known: Known;
  readonly byAction: ReadonlyMap<ActionId, readonly Problem[]>;
}

const NO_PROBLEMS: readonly Problem[] = [];
const ProblemsContext = createContext<ProblemsFound>({
  all: NO_PROBLEMS,
  byAction: new Map(),
  known: NOTHING_KNOWN,
});

/** Finds the problems of the open chain off the typing path: a key stroke paints first, then they are found. */
export function ProblemsProvider({ children }: { readonly children: ReactNode }) {
  const chain = useDeferredValue(useEditor((state) => state.workbench.chain));
  const allowedLiterals = useDeferredValue(useEditor((state) => state.workbench.allowedLiterals));
  const { byId, catalog, idMap } = useDefinitions();
  const { data: secretNames = null } = useQuery(secretNamesQuery);
  const known = useMemo((): Known => {
    const ids = new Set([...chain.actions.values()].map((action) => action.definition_id));
    const definitions = catalog === null ? null : checkableDefinitions(byId, catalog.state === 'available', ids);
    return { definitions, idMap, secretNames, allowedLiterals };
  }, [chain, allowedLiterals, byId, catalog, idMap, secretNames]);
  const found = useMemo((): ProblemsFound => {
    const all = findChainProblems(chain, known);
    const byAction = new Map<ActionId, Problem[]>();
    for (const problem of all) {
      if (problem.action === undefined) continue;
      const own = byAction.get(problem.action);
      if (own === undefined) byAction.set(problem.action, [problem]);
      else own.push(problem);
    }
    return { all, byAction, known };
  }, [chain, known]);
  return <ProblemsContext.Provider value={found}>{children}</ProblemsContext.Provider>;
}

export const useProblems = (): readonly Problem[] => useContext(ProblemsContext).all;
export const useActionProblems = (id: ActionId): readonly Problem[] =>
  useContext(ProblemsContext).byAction.get(id) ?? NO_PROBLEMS;
/** What the problems of the open chain are found with; an export checks with the same. */
export const useKnown = (): Known => useContext(ProblemsContext).known;
