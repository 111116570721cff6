import { type Workbench, workbenchOf } from '@/lib/chain/workbench';

/** An empty chain with a name to overwrite. */
export const newWorkbench = (): Workbench => workbenchOf({ name: 'New chain', actions: new Map(), extra: new Map() });
