import { type ConnectionLineComponentProps, getBezierPath, type Node } from 'reactflow';

/** The edge while it is drawn. Why it cannot end somewhere is said beside it, in {@link ConnectChip}. */
export function ConnectionLine(props: ConnectionLineComponentProps<Node>) {
  const { fromX, fromY, toX, toY, fromPosition, toPosition, connectionStatus } = props;
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toPosition,
  });
  return (
    <g className="connection-line" data-status={connectionStatus ?? 'open'}>
      <path d={path} fill="none" />
      <circle cx={toX} cy={toY} r={4} />
    </g>
  );
}
