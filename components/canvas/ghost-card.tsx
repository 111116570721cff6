import { Handle, type NodeProps, Position } from 'reactflow';
import type { GhostNode } from './canvas-nodes';

/** Stands where a dependency names an action that does not exist. */
export function GhostCard({ id }: NodeProps<GhostNode>) {
  return (
    <article className="ghost-card" aria-label={`${id}, missing action`}>
      <strong title={id}>{id}</strong>
      <span>missing action</span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </article>
  );
}
