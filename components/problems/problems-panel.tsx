'use client';

import { AlertTriangle, ArrowRightLeft, CircleCheck, CircleX, Info, Spline, Wrench } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useCommands } from '@/components/commands/command-context';
import { useEditor, useEditorStore } from '@/components/editor-store/editor-store-provider';
import { edgesConnectedBy } from '@/components/exchange/import-plan';
import { Button } from '@/components/ui/button';
import { impliedEdgesFix } from '@/lib/problems/apply-fixes';
import type { Problem, Severity } from '@/lib/problems/problem';
import { countProblems, groupProblems, SEVERITIES } from './problem-groups';
import { pointerBelowAction } from './problem-place';
import { useProblems } from './problems-context';

const MARKS: Readonly<Record<Severity, { readonly Icon: typeof CircleX; readonly className: string }>> = {
  error: { Icon: CircleX, className: 'text-danger' },
  warning: { Icon: AlertTriangle, className: 'text-warning' },
  info: { Icon: Info, className: 'text-text-3' },
};

const FILTERS: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', info: 'Infos' };

/** Every problem of the chain, grouped by action, the gravest first; a click goes to the very field. */
export function ProblemsPanel() {
  const problems = useProblems();
  const [filter, setFilter] = useState<Severity | null>(null);
  const counts = countProblems(problems);
  // The last of a kind was mended: the others come into sight again.
  const only = filter !== null && counts[filter] > 0 ? filter : null;
  const { panel, willFix } = useFocusAfterFix(problems);
  let row = 0;
  return (
    <div ref={panel} tabIndex={-1} aria-label="Problems" role="group" className="h-full overflow-auto p-2 outline-none">
      {problems.length === 0 && (
        <p className="flex items-center gap-2 p-2 text-text-2">
          <CircleCheck size={16} className="text-success" aria-hidden /> No problems. The chain is ready to run and to
          export.
        </p>
      )}
      <ImpliedEdges onFix={() => willFix(0)} />
      {problems.length > 0 && <Filters counts={counts} chosen={only} onChoose={setFilter} />}
      {groupProblems(problems, only).map(({ action, problems: own }) => (
        <section key={action ?? ''} className="mb-2" aria-label={action ?? 'The chain'}>
          <h3 className="px-2 py-1 text-xs font-semibold break-all text-text-2">{action ?? 'The chain'}</h3>
          <ul>
            {own.map((problem, index) => {
              const place = row++;
              return (
                <ProblemRow
                  key={`${problem.code} ${problem.path} ${index}`}
                  problem={problem}
                  onFix={() => willFix(place)}
                />
              );
            })}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** A fix takes its own row away, and with it the keyboard: it goes to the row that comes into its place. */
function useFocusAfterFix(problems: readonly Problem[]) {
  const panel = useRef<HTMLDivElement>(null);
  const place = useRef<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows change with the problems.
  useEffect(() => {
    if (place.current === null) return;
    if (document.activeElement === document.body) {
      const rows = panel.current?.querySelectorAll<HTMLElement>('[data-problem]') ?? [];
      (rows[Math.min(place.current, rows.length - 1)] ?? panel.current)?.focus();
    }
    place.current = null;
  }, [problems]);
  return {
    panel,
    /** @param row of the problem that is about to be mended, counted from 0. */
    willFix: (row: number): void => {
      place.current = row;
    },
  };
}

function Filters({
  counts,
  chosen,
  onChoose,
}: {
  readonly counts: Readonly<Record<Severity, number>>;
  readonly chosen: Severity | null;
  readonly onChoose: (severity: Severity | null) => void;
}) {
  const kinds = SEVERITIES.filter((severity) => counts[severity] > 0);
  if (kinds.length < 2) return null;
  const total = counts.error + counts.warning + counts.info;
  const choices = [
    { severity: null, words: 'All', count: total },
    ...kinds.map((severity) => ({ severity, words: FILTERS[severity], count: counts[severity] })),
  ];
  return (
    <fieldset className="mb-1 flex gap-1 px-1">
      <legend className="sr-only">Which problems are listed</legend>
      {choices.map(({ severity, words, count }) => (
        <button
          key={words}
          type="button"
          aria-pressed={severity === chosen}
          onClick={() => onChoose(severity)}
          className="h-6 rounded-md px-2 text-xs text-text-2 hover:bg-surface-hover aria-pressed:bg-surface-selected aria-pressed:font-medium aria-pressed:text-text-1"
        >
          {words} <span className="tabular-nums">{count}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** One offer for all edges that templates read along and nothing else says. */
function ImpliedEdges({ onFix }: { readonly onFix: () => void }) {
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
        onClick={() => {
          onFix();
          commands.edit(fix.edit);
        }}
      >
        {fix.label}
      </Button>
    </div>
  );
}

function ProblemRow({ problem, onFix }: { readonly problem: Problem; readonly onFix: () => void }) {
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
      <button
        type="button"
        data-problem
        onClick={show}
        className="flex min-w-0 flex-1 items-start gap-2 px-2 py-1 text-left"
      >
        <Icon size={15} className={`mt-0.5 shrink-0 ${className}`} role="img" aria-label={problem.severity} />
        <span className="min-w-0 break-words">{problem.message}</span>
        <code className="mt-px shrink-0 text-[11px] whitespace-nowrap text-text-3">{problem.code}</code>
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
          onClick={() => {
            if (problem.fix === undefined) return;
            onFix();
            commands.edit(problem.fix.edit);
          }}
        >
          {problem.fix.label}
        </Button>
      )}
    </li>
  );
}
