'use client';

import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { JsonType } from '@/lib/json/value';
import type { TreeRow } from './clip-json';

const TYPE_COLOURS = {
  null: 'text-text-3',
  boolean: 'text-[var(--syntax-keyword)]',
  string: 'text-[var(--syntax-string)]',
  number: 'text-[var(--syntax-field)]',
  array: 'text-text-3',
  object: 'text-text-3',
} as const satisfies Record<JsonType, string>;

/** Buttons of a row; the lesser ones only while the pointer or the keyboard is on it, for there are many rows. */
export type RenderTools = (row: TreeRow, isActive: boolean) => ReactNode;

interface RowProps {
  readonly row: TreeRow;
  readonly depth: number;
  readonly renderTools: RenderTools;
}

/** Nested lists whose branches fold. Containers stand open to the second level. */
export function ValueTree({
  root,
  label,
  renderTools,
}: {
  readonly root: TreeRow;
  readonly label: string;
  readonly renderTools: RenderTools;
}) {
  return (
    <ul aria-label={label} className="font-mono text-xs">
      <Row row={root} depth={0} renderTools={renderTools} />
    </ul>
  );
}

function Row({ row, depth, renderTools }: RowProps) {
  const [isOpen, setOpen] = useState(depth < 2);
  const [isActive, setActive] = useState(false);
  const isBranch = row.children.length > 0 || row.hiddenCount > 0;
  const name = row.segment === null ? null : String(row.segment);
  return (
    <li>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the row only notices what happens on its buttons. */}
      <div
        className="group flex min-h-6 items-start rounded-sm hover:bg-surface-hover"
        onPointerEnter={() => setActive(true)}
        onPointerLeave={() => setActive(false)}
        onFocus={() => setActive(true)}
        onBlur={() => setActive(false)}
      >
        {isBranch ? (
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={`${name ?? 'value'}, ${row.text}`}
            onClick={() => setOpen(!isOpen)}
            className="flex min-h-6 min-w-6 items-center gap-1 rounded-sm pr-1 text-left"
          >
            <ChevronRight
              size={14}
              strokeWidth={1.75}
              aria-hidden
              className={`shrink-0 text-text-3 ${isOpen ? 'rotate-90' : ''}`}
            />
            {name !== null && <span className="text-text-1">{name}</span>}
            <span className={TYPE_COLOURS[row.type]}>{row.text}</span>
          </button>
        ) : (
          <p className="min-w-0 py-1 pl-[18px] leading-4 break-words [overflow-wrap:anywhere] whitespace-pre-wrap">
            {name !== null && <span className="text-text-1">{name}: </span>}
            <span className={TYPE_COLOURS[row.type]}>{row.text}</span>
            {row.isClipped && <span className="text-text-3"> … cut here</span>}
          </p>
        )}
        <span className="ml-1 flex shrink-0 font-sans opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
          {renderTools(row, isActive)}
        </span>
      </div>
      {isBranch && isOpen && (
        <ul className="ml-[6px] border-l border-line-subtle pl-3">
          {row.children.map((child) => (
            <Row key={String(child.segment)} row={child} depth={depth + 1} renderTools={renderTools} />
          ))}
          {row.hiddenCount > 0 && (
            <li className="min-h-6 py-1 pl-[18px] leading-4 text-text-3">{row.hiddenCount} more not shown</li>
          )}
        </ul>
      )}
    </li>
  );
}
