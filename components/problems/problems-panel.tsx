'use client';

import { AlertTriangle, CircleCheck, CircleX, Info, Wrench } from 'lucide-react';
import { useCommands } from '@/components/commands/command-context';
import { useEditorStore } from '@/components/editor-store/editor-store-provider';
import { Button } from '@/components/ui/button';
import type { ActionId } from '@/lib/chain/ids';
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
        <span className="min-w-0 flex-1 break-words">{problem.message}</span>
        <code className="shrink-0 pt-0.5 text-[11px] text-text-3">{problem.code}</code>
      </button>
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
