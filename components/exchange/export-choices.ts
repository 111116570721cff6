import type { ExportKind } from '@/lib/exchange/export-chain';

/** What the dialog offers: everything that the command line exports, and pictures of the canvas. */
export type ExportChoice = ExportKind | 'svg' | 'png';

export const isPicture = (choice: ExportChoice): choice is 'svg' | 'png' => choice === 'svg' || choice === 'png';

/** Every choice, with what it is for. */
export const EXPORTS: readonly {
  readonly choice: ExportChoice;
  readonly name: string;
  readonly purpose: string;
}[] = [
  {
    choice: 'chain',
    name: 'Chain',
    purpose: 'The document itself: for version control, the command line and every other Chainwright.',
  },
  { choice: 'mapping', name: 'Mapping', purpose: 'For a runner that knows ids, dependencies and inputs alone.' },
  {
    choice: 'definitions',
    name: 'Definitions',
    purpose: 'The contracts of what the chain calls, to check and to draw without the tenant.',
  },
  { choice: 'sidecar', name: 'Sidecar', purpose: 'What lies beside the chain: layout, notes, sample inputs, pins.' },
  { choice: 'mermaid', name: 'Mermaid', purpose: 'A diagram as text, for Markdown and wikis.' },
  { choice: 'dot', name: 'DOT', purpose: 'A graph as text, for Graphviz.' },
  { choice: 'svg', name: 'SVG', purpose: 'The canvas as a picture that stays sharp at any size.' },
  { choice: 'png', name: 'PNG', purpose: 'The canvas as a picture of dots, twice as fine as the screen.' },
];
