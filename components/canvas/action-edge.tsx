import { X } from 'lucide-react';
import { memo, useId } from 'react';
import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from 'reactflow';
import { useCommands } from '@/components/commands/command-context';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { selectActionState } from '@/components/editor-store/run-slice';
import { lookOf } from '@/components/run/status-look';
import { fieldsRead } from '@/lib/edit/edge-advice';
import { bezierPoint, curvePath, edgeCurve } from '@/lib/exchange/edge-curve';
import type { ActionEdge } from './canvas-nodes';
import { useConnectState } from './connect-state';

/** A handle's hit area is 24 px wide and its dot 10: React Flow ends edges at the area, the eye expects the dot. */
const HANDLE_MARGIN = 7;

/** A dependency: solid where a template reads the source, dashed where it only orders. */
function ActionEdgeLine({
  id,
  source,
  target,
  sourceX,
  sourceY,
  targetX,
  targetY,
  selected,
  data,
}: EdgeProps<ActionEdge>) {
  const commands = useCommands();
  const curve = edgeCurve({ x: sourceX - HANDLE_MARGIN, y: sourceY }, { x: targetX + HANDLE_MARGIN, y: targetY });
  const { x: labelX, y: labelY } = bezierPoint(curve, 0.5);
  const from = data?.from;
  const to = data?.to;
  const fieldCount = useEditor((state) =>
    from === undefined || to === undefined ? 0 : fieldsRead(state.workbench.chain, from, to),
  );
  const look = useEditor((state) => (to === undefined ? 'idle' : lookOf(selectActionState(to)(state)).look));
  const sourceLook = useEditor((state) => (from === undefined ? 'idle' : lookOf(selectActionState(from)(state)).look));
  const gradientId = useId();
  const loopStep = useConnectState((connect) => {
    if (connect.loop === null || from === undefined || to === undefined) return -1;
    const at = connect.loop.path.indexOf(from);
    return at >= 0 && connect.loop.path[at + 1] === to ? at : -1;
  });
  // After a run the edge goes from its source's colour to its target's, as the data did.
  const isGraded = sourceLook !== 'idle' && look !== 'idle' && look !== 'queued' && !selected && loopStep < 0;
  const kind = fieldCount === 0 ? 'order only' : `${fieldCount} ${fieldCount === 1 ? 'field' : 'fields'}`;

  return (
    <g
      className="action-edge"
      data-look={look}
      data-order-only={fieldCount === 0 || undefined}
      data-selected={selected || undefined}
      data-loop={loopStep >= 0 || undefined}
    >
      {isGraded && (
        <linearGradient
          id={gradientId}
          gradientUnits="userSpaceOnUse"
          x1={sourceX}
          y1={sourceY}
          x2={targetX}
          y2={targetY}
        >
          <stop offset="0.2" stopColor={`var(--status-${sourceLook})`} />
          <stop offset="0.8" stopColor={`var(--status-${look})`} />
        </linearGradient>
      )}
      <BaseEdge
        id={id}
        path={curvePath(curve)}
        interactionWidth={24}
        {...(isGraded ? { style: { stroke: `url(#${gradientId})` } } : {})}
      />
      {(selected || loopStep >= 0) && (
        <EdgeLabelRenderer>
          <div
            className="action-edge-label nodrag nopan"
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          >
            {loopStep >= 0 ? (
              <span className="action-card-step">{loopStep + 1}</span>
            ) : (
              <>
                <span>{kind}</span>
                <button
                  type="button"
                  aria-label={`Delete the edge from ${source} to ${target}`}
                  onClick={() => from !== undefined && to !== undefined && commands.disconnect([{ from, to }])}
                >
                  <X size={13} aria-hidden />
                </button>
              </>
            )}
          </div>
        </EdgeLabelRenderer>
      )}
    </g>
  );
}

export const ActionEdgeView = memo(ActionEdgeLine);
