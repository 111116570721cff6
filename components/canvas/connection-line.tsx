import { type ConnectionLineComponentProps, getBezierPath, type Node, Position } from 'reactflow';

/** How far above the cards a backward edge is led, and how far beyond its ends it swings, in pixels at zoom 1. */
const ARC_RISE = 110;
const ARC_SWING = 70;

/** The edge while it is drawn. Why it cannot end somewhere is said beside it, in {@link ConnectChip}. */
export function ConnectionLine(props: ConnectionLineComponentProps<Node>) {
  const { fromX, fromY, toX, toY, fromPosition, toPosition, connectionStatus } = props;
  const isBackwards = fromPosition === Position.Right ? toX < fromX : toX > fromX;
  const [path] = isBackwards
    ? [arcOver(fromX, fromY, toX, toY, fromPosition === Position.Right ? 1 : -1)]
    : getBezierPath({
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

/** A way back over the cards between: a straight line would strike their names through. */
function arcOver(fromX: number, fromY: number, toX: number, toY: number, side: 1 | -1): string {
  const top = Math.min(fromY, toY) - ARC_RISE;
  const middle = (fromX + toX) / 2;
  return (
    `M ${fromX} ${fromY} C ${fromX + side * ARC_SWING} ${fromY}, ${fromX + side * ARC_SWING} ${top}, ${middle} ${top} ` +
    `S ${toX - side * ARC_SWING} ${toY}, ${toX} ${toY}`
  );
}
