import { AlertTriangle, CircleX, Copy, Pencil, Play, PowerOff, Spline, Trash2, Workflow } from 'lucide-react';
import { memo, useEffect, useState } from 'react';
import { Handle, type NodeProps, Position } from 'reactflow';
import { useCommands } from '@/components/commands/command-context';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { selectActionState } from '@/components/editor-store/run-slice';
import { useDefinition } from '@/components/palette/definitions-context';
import { useActionProblems } from '@/components/problems/problems-context';
import { formatTicking, lookOf, type Ticking } from '@/components/run/status-look';
import { StatusMark } from '@/components/ui/status-mark';
import { dependenciesOf, effectivePolicy, effectiveSettings } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { graphOf } from '@/lib/graph/chain-graph';
import { type ActionNode, cardNameId } from './canvas-nodes';
import { useConnectState } from './connect-state';
import { usePresentedState } from './use-presented-state';

/**
 * An action that calls one CXone data action.
 *
 * While its card is dragged, React Flow renders this on every frame (the position props change, so `memo` cannot help). It
 * reads one small object of its own from the store and leaves colour to CSS through `data-look`.
 */
function ActionCardView({ id, data: { action }, selected }: NodeProps<ActionNode>) {
  const actionId = id as ActionId;
  // Its commands are made for the card under the pointer alone: in a large chain they would be most of the page.
  const [isNear, setIsNear] = useState(false);
  const state = useEditor(selectActionState(actionId));
  const shown = usePresentedState(state);
  const isPinned = useEditor((editor) => editor.workbench.pins.has(actionId));
  const attemptsMax = useEditor(({ workbench: { chain } }) =>
    shown?.status === 'waiting' ? effectivePolicy(effectiveSettings(chain), action).retry.maxAttempts : 1,
  );
  const look = lookOf(shown, { isPinned, attemptsMax });
  const definition = useDefinition(action.definition_id);
  const problems = useActionProblems(actionId);
  const illegal = useConnectState((connect) =>
    connect.drag === null ? null : (connect.illegal.get(actionId)?.type ?? 'legal'),
  );
  const loopStep = useConnectState((connect) => (connect.loop === null ? -1 : connect.loop.path.indexOf(actionId)));
  const feeds = useEditor((editor) => graphOf(editor.workbench.chain).successors.get(actionId));

  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const warnings = problems.filter((problem) => problem.severity === 'warning').length;
  const kind = definition?.name ?? (action.definition_id === '' ? 'No definition chosen' : action.definition_id);
  const subtitle = action.label === undefined || action.label === '' ? kind : `${action.label} · ${kind}`;
  const hasRunChips = look.chips.length > 0 || look.errorLine !== null || look.ticking !== null;
  const policyChips = chipsOfPolicy(action);
  const spoken = [
    id,
    'action',
    ...(action.disabled === true ? ['disabled'] : []),
    look.sentence,
    ...(errors + warnings > 0 ? [`${errors + warnings} ${errors + warnings === 1 ? 'problem' : 'problems'}`] : []),
    ...(feeds === undefined || feeds.length === 0 ? [] : [`feeds ${feeds.join(', ')}`]),
  ].join(', ');

  return (
    <article
      className="action-card"
      data-look={look.look}
      data-selected={selected || undefined}
      data-connect={illegal ?? undefined}
      data-loop={loopStep >= 0 || undefined}
      data-disabled={action.disabled || undefined}
      aria-label={spoken}
      onPointerEnter={() => setIsNear(true)}
      onPointerLeave={() => setIsNear(false)}
    >
      <span id={cardNameId(id)} hidden>
        {spoken}
      </span>
      <Handle
        type="target"
        position={Position.Left}
        role="img"
        aria-label={`Input of ${id}`}
        data-empty={dependenciesOf(action).length === 0 || undefined}
      />
      <div className="action-card-head">
        <span className="action-card-kind">
          <Workflow size={15} strokeWidth={1.75} aria-hidden />
        </span>
        <h3 title={id}>{id}</h3>
        {loopStep >= 0 && <span className="action-card-step">{loopStep + 1}</span>}
        {errors > 0 && (
          <CircleX className="text-danger" size={15} strokeWidth={2} role="img" aria-label={`${errors} errors`} />
        )}
        {errors === 0 && warnings > 0 && (
          <AlertTriangle
            className="text-warning"
            size={15}
            strokeWidth={2}
            role="img"
            aria-label={`${warnings} warnings`}
          />
        )}
        {action.disabled === true && (
          <PowerOff className="text-text-2" size={15} strokeWidth={2} role="img" aria-label="disabled" />
        )}
        <StatusMark look={look.look} label={look.word} />
      </div>
      <p className="action-card-definition" title={subtitle}>
        {subtitle}
      </p>
      {(hasRunChips || policyChips.length > 0) && (
        <div className="action-card-chips">
          {look.errorLine !== null && (
            <span className="action-card-error" title={look.errorLine}>
              {look.errorLine}
            </span>
          )}
          {look.ticking !== null && <TickingChip ticking={look.ticking} />}
          {look.errorLine === null &&
            look.chips.map((chip) => (
              <span className="chip" key={chip.type}>
                {chip.text}
              </span>
            ))}
          {!hasRunChips &&
            policyChips.map((chip) => (
              <span className="chip" key={chip}>
                {chip}
              </span>
            ))}
        </div>
      )}
      {(isNear || selected) && <CardToolbar actionId={actionId} />}
      <Handle type="source" position={Position.Right} role="img" aria-label={`Output of ${id}`} />
    </article>
  );
}

export const ActionCard = memo(ActionCardView);

/** What the policy says that a reader of the graph must know. */
function chipsOfPolicy(action: ActionNode['data']['action']): readonly string[] {
  return [
    ...(action.disabled === true ? ['disabled'] : []),
    ...(action.timeout_sec === undefined ? [] : [`timeout ${action.timeout_sec.text} s`]),
    ...(action.retry?.max_attempts === undefined ? [] : [`${action.retry.max_attempts.text} attempts`]),
    ...(action.when === undefined ? [] : ['condition']),
    ...(action.on_failure === 'fallback' ? ['fallback'] : []),
  ];
}

/** What ticks on a card: time since the call left, or until the next attempt. Ten times a second while it shows. */
function TickingChip({ ticking }: { readonly ticking: Ticking }) {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return <span className="chip tabular-nums">{formatTicking(ticking, nowMs)}</span>;
}

function CardToolbar({ actionId }: { readonly actionId: ActionId }) {
  const commands = useCommands();
  const buttons = [
    { label: `Run up to ${actionId}`, icon: Play, onClick: () => commands.runUpTo(actionId) },
    { label: `Connect ${actionId} to…`, icon: Spline, onClick: () => commands.openConnect(actionId) },
    { label: `Rename ${actionId}`, icon: Pencil, onClick: () => commands.openRename(actionId) },
    { label: `Duplicate ${actionId}`, icon: Copy, onClick: () => commands.duplicate([actionId]) },
    { label: `Delete ${actionId}`, icon: Trash2, onClick: () => commands.deleteActions([actionId]) },
  ];
  return (
    <div className="action-card-toolbar nodrag nopan" role="toolbar" aria-label={`Commands for ${actionId}`}>
      {buttons.map(({ label, icon: Icon, onClick }) => (
        <button key={label} type="button" aria-label={label} title={label} tabIndex={-1} onClick={onClick}>
          <Icon size={14} strokeWidth={1.75} aria-hidden />
        </button>
      ))}
    </div>
  );
}
