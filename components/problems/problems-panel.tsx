'use client';

import { AlertTriangle, ArrowRightLeft, CircleCheck, CircleX, Info, Spline, Wrench } from 'lucide-react';
import { useMemo } from 'react';
import { useCommands } from '@/components/commands/command-context';
import { useEditor, useEditorStore } from '@/components/editor-store/editor-store-provider';
import { edgesConnectedBy } from '@/components/exchange/import-plan';
import { Button } from '@/components/ui/button';
import type { ActionId } from '@/lib/chain/ids';
import { impliedEdgesFix } from '@/lib/problems/apply-fixes';
import type { Problem, Severity } from '@/lib/problems/problem';
import { pointerBelowAction } from './problem-place';
import { useProblems } from './problems-context';

const MARKS: Readonly<Record<Severity, { readonly Icon: typeof CircleX; readonly className: string }>> = {
  error: { Icon: CircleX, className: 'text-danger' },
  warning: { Icon: AlertTriangle, className: 'text-warning' },
  info: { Icon: Info, className: 'text-text-3' },
};

/** Every problem of the chain, grouped by action; a click goes to the very field. */
export function ProblemsPanel() {
  const problems = useProblems();
  const groups = new Map<ActionId | null, Problem[]>();
  for (const problem of problems) {
    const key = problem.action ?? null;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [problem]);
    else group.push(problem);
  }
  if (problems.length === 0) {
    return (
      <p className="flex items-center gap-2 p-4 text-text-2">
        <CircleCheck size={16} className="text-success" aria-hidden /> No problems. The chain is ready to run and to
        export.
      </p>
    );
  }
  return (
    <div className="h-full overflow-auto p-2">
      <ImpliedEdges />
      {[...groups].map(([action, own]) => (
        <section key={action ?? ''} className="mb-2" aria-label={action ?? 'The chain'}>
          <h3 className="px-2 py-1 text-xs font-semibold text-text-2">{action ?? 'The chain'}</h3>
          <ul>
            {own.map((problem, index) => (
              <ProblemRow key={`${problem.code} ${problem.path} ${index}`} problem={problem} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** One offer for all edges that templates read along and nothing else says. */
function ImpliedEdges() {
  const commands = useCommands();
  const chain = useEditor((state) => state.workbench.chain);
  const fix = useMemo(() => impliedEdgesFix(chain), [chain]);
  const edges = fix === undefined ? [] : edgesConnectedBy(fix.edit);
  // A single one stands at its problem.
  if (fix === undefined || edges.length < 2) return null;
  return (
    <div className="mb-2 flex items-center gap-2 rounded-md bg-surface-sunken py-1.5 pr-1.5 pl-2">
      <Spline size={15} className="shrink-0 text-text-3" aria-hidden />
      <p className="min-w-0 flex-1 truncate">
        Templates read along edges that are not there:{' '}
        <span className="font-mono text-xs text-text-2">
          {edges.map(({ from, to }) => `${from} → ${to}`).join(', ')}
        </span>
      </p>
      <Button
        look="quiet"
        className="h-7 text-accent-text"
        icon={<Wrench size={13} aria-hidden />}
        onClick={() => commands.edit(fix.edit)}
      >
        {fix.label}
      </Button>
    </div>
  );
}

function ProblemRow({ problem }: { readonly problem: Problem }) {
  const commands = useCommands();
  const store = useEditorStore();
  const { Icon, className } = MARKS[problem.severity];
  const show = (): void => {
    if (problem.action === undefined) return;
    commands.showAction(problem.action);
    store.getState().focusField(problem.action, pointerBelowAction(problem));
  };
  return (
    <li className="flex items-center gap-1 rounded-md hover:bg-surface-hover">
      <button type="button" onClick={show} className="flex min-w-0 flex-1 items-start gap-2 px-2 py-1 text-left">
        <Icon size={15} className={`mt-0.5 shrink-0 ${className}`} role="img" aria-label={problem.severity} />
        <span className="min-w-0 flex-1 break-words">
          {problem.message} <code className="ml-1 text-[11px] whitespace-nowrap text-text-3">{problem.code}</code>
        </span>
      </button>
      {problem.code === 'definition_unmapped' && (
        <Button
          look="quiet"
          className="h-7 text-accent-text"
          icon={<ArrowRightLeft size={13} aria-hidden />}
          onClick={commands.openConnectionMap}
        >
          Map it
        </Button>
      )}
      {problem.fix !== undefined && (
        <Button
          look="quiet"
          className="h-7 text-accent-text"
          icon={<Wrench size={13} aria-hidden />}
          onClick={() => problem.fix !== undefined && commands.edit(problem.fix.edit)}
        >
          {problem.fix.label}
        </Button>
      )}
    </li>
  );
}
