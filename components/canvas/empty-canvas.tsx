import { Plus } from 'lucide-react';
import { useCommands } from '@/components/commands/command-context';
import { Button } from '@/components/ui/button';

/** What an empty chain shows: one thing to do. */
export function EmptyCanvas() {
  const commands = useCommands();
  return (
    <div className="pointer-events-none absolute inset-0 grid place-items-center">
      <div className="pointer-events-auto rounded-lg border-2 border-dashed border-line-strong bg-surface-canvas px-10 py-8 text-center">
        <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => commands.openAdd({})}>
          Add first action
        </Button>
        <p className="mt-3 text-text-2">or drag a definition from the left onto the canvas</p>
      </div>
    </div>
  );
}
