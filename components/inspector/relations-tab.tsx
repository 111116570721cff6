import { X } from 'lucide-react';
import { useCommands } from '@/components/commands/command-context';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { Button, IconButton } from '@/components/ui/button';
import { type Action, dependenciesOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { fieldsRead } from '@/lib/edit/edge-advice';
import { graphOf } from '@/lib/graph/chain-graph';

/** What the action needs and what it feeds, with the number of fields that each edge carries. */
export function RelationsTab({ actionId, action }: { readonly actionId: ActionId; readonly action: Action }) {
  const commands = useCommands();
  const chain = useEditor((state) => state.workbench.chain);
  const feeds = graphOf(chain).successors.get(actionId) ?? [];
  const sides = [
    {
      title: 'Needs',
      empty: 'Nothing: it starts at once.',
      edges: dependenciesOf(action).map((from) => ({ from, to: actionId, other: from })),
    },
    { title: 'Feeds', empty: 'Nothing depends on it.', edges: feeds.map((to) => ({ from: actionId, to, other: to })) },
  ];
  return (
    <div className="p-4">
      {sides.map(({ title, empty, edges }) => (
        <section key={title} className="mb-4" aria-label={title}>
          <h3 className="mb-1 text-xs font-semibold text-text-2">{title}</h3>
          {edges.length === 0 && <p className="text-text-3">{empty}</p>}
          <ul>
            {edges.map(({ from, to, other }) => {
              const fields = fieldsRead(chain, from, to);
              return (
                <li key={other} className="flex items-center gap-2 rounded-md pl-2 hover:bg-surface-hover">
                  <button
                    type="button"
                    className="min-w-0 flex-1 truncate py-1 text-left font-mono text-xs"
                    onClick={() => commands.showAction(other)}
                  >
                    {other}
                  </button>
                  <span className="text-xs text-text-3">
                    {fields === 0 ? 'order only' : `${fields} ${fields === 1 ? 'field' : 'fields'}`}
                  </span>
                  <IconButton
                    label={`Delete the edge from ${from} to ${to}`}
                    onClick={() => commands.disconnect([{ from, to }])}
                  >
                    <X size={14} />
                  </IconButton>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
      <Button onClick={() => commands.openConnect(actionId)}>Connect to…</Button>
    </div>
  );
}
