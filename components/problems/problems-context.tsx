'use client';

import { createContext, type ReactNode, useContext, useDeferredValue, useMemo } from 'react';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { useCatalog } from '@/components/palette/definitions-context';
import type { ActionId } from '@/lib/chain/ids';
import { findChainProblems, NOTHING_KNOWN } from '@/lib/problems/find-problems';
import type { Problem } from '@/lib/problems/problem';

interface ProblemsFound {
  readonly all: readonly Problem[];
  readonly byAction: ReadonlyMap<ActionId, readonly Problem[]>;
}

const NO_PROBLEMS: readonly Problem[] = [];
const ProblemsContext = createContext<ProblemsFound>({ all: NO_PROBLEMS, byAction: new Map() });

/** Finds the problems of the open chain off the typing path: a key stroke paints first, then they are found. */
export function ProblemsProvider({ children }: { readonly children: ReactNode }) {
  const chain = useDeferredValue(useEditor((state) => state.workbench.chain));
  const allowedLiterals = useDeferredValue(useEditor((state) => state.workbench.allowedLiterals));
  const catalog = useCatalog();
  const found = useMemo((): ProblemsFound => {
    const definitions = catalog?.state === 'available' ? catalog.byId : null;
    const all = findChainProblems(chain, { ...NOTHING_KNOWN, definitions, allowedLiterals });
    const byAction = new Map<ActionId, Problem[]>();
    for (const problem of all) {
      if (problem.action === undefined) continue;
      const own = byAction.get(problem.action);
      if (own === undefined) byAction.set(problem.action, [problem]);
      else own.push(problem);
    }
    return { all, byAction };
  }, [chain, allowedLiterals, catalog]);
  return <ProblemsContext.Provider value={found}>{children}</ProblemsContext.Provider>;
}

export const useProblems = (): readonly Problem[] => useContext(ProblemsContext).all;
export const useActionProblems = (id: ActionId): readonly Problem[] =>
  useContext(ProblemsContext).byAction.get(id) ?? NO_PROBLEMS;
