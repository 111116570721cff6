import { type ConnectionLineComponentProps, getBezierPath, type Node } from 'reactflow';
import { describeLoop, useConnectState } from './connect-state';

/** The edge while it is drawn; over a card that it cannot end on, it says why. */
export function ConnectionLine({
  fromX,
  fromY,
  toX,
  toY,
  fromPosition,
  toPosition,
  toNode,
  connectionStatus,
}: ConnectionLineComponentProps<Node>) {
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toPosition,
  });
  const loop = useConnectState((state) => state.loop);
  const reason = useConnectState((state) =>
    toNode === null ? undefined : state.illegal.get(toNode.id as never)?.type,
  );
  const words =
    connectionStatus !== 'invalid'
      ? null
      : loop !== null
        ? `would loop: ${describeLoop(loop)}`
        : reason === 'duplicate'
          ? 'already connected'
          : reason === 'self'
            ? null
            : null;
  return (
    <g className="connection-line" data-status={connectionStatus ?? 'open'}>
      <path d={path} fill="none" />
      <circle cx={toX} cy={toY} r={4} />
      {words !== null && (
        <foreignObject x={toX - 240} y={toY + 18} width={480} height={64} style={{ overflow: 'visible' }}>
          <div className="connection-line-words" role="status">
            <span>{words}</span>
          </div>
        </foreignObject>
      )}
    </g>
  );
}
