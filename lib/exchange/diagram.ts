import type { Chain } from '@/lib/chain/chain';
import { shownChainName } from '@/lib/chain/chain-name';
import type { ActionId } from '@/lib/chain/ids';
import { clipText } from '@/lib/clip-text';
import type { KnownDefinitions } from '@/lib/problems/draft';
import { type DrawnNode, drawingOf, toDrawableText } from './drawing';

/**
 * The chain as a Mermaid flowchart, left to right. Nodes have ids of their own (`n0`, `n1`, …), so no name of a person
 * is ever syntax. Order-only edges are dotted, disabled actions dimmed, conditional ones hexagons, missing ones dashed.
 */
export function printMermaid(chain: Chain, known: KnownDefinitions): string {
  const { nodes, edges } = drawingOf(chain, known);
  const nameOf = namesOf(nodes);
  const lines = ['flowchart LR'];
  for (const node of nodes) {
    const label = linesOf(node).map(escapeForMermaid).join('<br/>');
    const [open, close] = isConditional(node) ? ['{{', '}}'] : ['[', ']'];
    lines.push(`  ${nameOf(node.id)}${open}"${label}"${close}`);
  }
  for (const { from, to, carriesData } of edges) {
    lines.push(`  ${nameOf(from)} ${carriesData ? '-->' : '-.->'} ${nameOf(to)}`);
  }
  const inClass = (name: string, style: string, isIn: (node: DrawnNode) => boolean): void => {
    const members = nodes.filter(isIn).map(({ id }) => nameOf(id));
    if (members.length > 0) lines.push(`  classDef ${name} ${style}`, `  class ${members.join(',')} ${name}`);
  };
  inClass('disabled', 'opacity:0.5', isDisabled);
  inClass('missing', 'stroke-dasharray:5 5', ({ type }) => type === 'ghost');
  return `${lines.join('\n')}\n`;
}

/** The same for Graphviz. Order-only edges are dashed. */
export function printDot(chain: Chain, known: KnownDefinitions): string {
  const { nodes, edges } = drawingOf(chain, known);
  const nameOf = namesOf(nodes);
  const lines = [
    `digraph ${quoteForDot([shownChainName(chain.name)])} {`,
    '  rankdir=LR;',
    '  charset="UTF-8";',
    '  node [shape=box, style="rounded"];',
  ];
  for (const node of nodes) {
    const look = isDisabled(node)
      ? ', color="#9CA3AF", fontcolor="#6B7280"'
      : node.type === 'ghost'
        ? ', style="rounded,dashed", color="#B91C1C", fontcolor="#B91C1C"'
        : '';
    const shape = isConditional(node) ? ', shape=hexagon, style=""' : '';
    lines.push(`  ${nameOf(node.id)} [label=${quoteForDot(linesOf(node))}${shape}${look}];`);
  }
  for (const { from, to, carriesData } of edges) {
    lines.push(`  ${nameOf(from)} -> ${nameOf(to)}${carriesData ? '' : ' [style=dashed]'};`);
  }
  return `${lines.join('\n')}\n}\n`;
}

/** `n0`, `n1`, … in the order of the nodes. */
function namesOf(nodes: readonly DrawnNode[]): (id: ActionId) => string {
  const positions = new Map(nodes.map(({ id }, index) => [id, index]));
  return (id) => `n${positions.get(id)}`;
}

const isDisabled = (node: DrawnNode): boolean => node.type === 'action' && node.action.disabled === true;
const isConditional = (node: DrawnNode): boolean => node.type === 'action' && node.action.when !== undefined;

const LINE_LENGTH_MAX = 128;
const CONDITION_LENGTH_MAX = 60;

function linesOf(node: DrawnNode): readonly string[] {
  if (node.type === 'ghost') return [lineOf(node.id), 'missing'];
  const { when, disabled } = node.action;
  return [
    lineOf(node.title),
    lineOf(node.definition),
    ...(when === undefined ? [] : [`when ${clipText(toDrawableText(conditionOf(when)), CONDITION_LENGTH_MAX)}`]),
    ...(disabled === true ? ['disabled'] : []),
  ];
}

const lineOf = (text: string): string => clipText(toDrawableText(text), LINE_LENGTH_MAX);

/** Without its braces. */
const conditionOf = (when: string): string => /^\s*\{\{[-+]?([\s\S]*?)[-+]?\}\}\s*$/.exec(when)?.[1] ?? when;

/**
 * As the inside of a quoted Mermaid label. Whatever is neither letter, digit nor space becomes a numeric code, `_` and `-`
 * between two of them excepted: Mermaid reads Markdown, HTML, icons, formulas and `style … :` in labels, and no list of
 * what it reads stays complete.
 */
const escapeForMermaid = (text: string): string =>
  text.replace(
    /(?<![A-Za-z0-9])[_-]|[_-](?![A-Za-z0-9])|[^\p{L}\p{M}\p{N} _-]/gu,
    (char) => `#${char.codePointAt(0)};`,
  );

/**
 * In double quotes. Graphviz reads a backslash as an escape of its own (`\N` is the node's name) and an ampersand as the
 * beginning of an HTML entity, in plain labels too.
 */
const quoteForDot = (lines: readonly string[]): string =>
  `"${lines.map((line) => toDrawableText(line).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;')).join('\\n')}"`;
