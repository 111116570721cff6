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
    purpose: 'The document itself, for version control and the command line.',
  },
  { choice: 'mapping', name: 'Mapping', purpose: 'For runners that know ids, dependencies and inputs alone.' },
  {
    choice: 'definitions',
    name: 'Definitions',
    purpose: 'The contracts of what the chain calls, for checks without the tenant.',
  },
  { choice: 'sidecar', name: 'Sidecar', purpose: 'What lies beside the chain: layout, notes, samples, pins.' },
  { choice: 'mermaid', name: 'Mermaid', purpose: 'A diagram for Markdown and wikis.' },
  { choice: 'dot', name: 'DOT', purpose: 'A graph for Graphviz.' },
  { choice: 'svg', name: 'SVG', purpose: 'A picture, sharp at any size.' },
  { choice: 'png', name: 'PNG', purpose: 'A picture for slides and chats.' },
];
