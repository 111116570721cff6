import { ActionCard } from './action-card';
import { ActionEdgeView } from './action-edge';
import { GhostCard } from './ghost-card';

/** One module-level object each: maps made during render make React Flow warn (error 002) and render every node again. */
export const nodeTypes = { action: ActionCard, ghost: GhostCard } as const;
export const edgeTypes = { action: ActionEdgeView } as const;
