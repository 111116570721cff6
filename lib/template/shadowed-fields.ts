import { DICT_METHODS } from './lookup';
import { parseTemplate } from './parse-template';
import { locate, type TemplateSpan } from './place';
import { quoteString } from './print-value';
import { findPath } from './references';
import { childrenOf, type Expression, type Span, type TemplateNode } from './syntax';

/** A field that a template means and does not reach: `a.items` is the method of every object, whatever its fields. */
export interface ShadowedField {
  /** Of what stands before the dot, such as `['a']`. */
  readonly owner: readonly string[];
  readonly name: string;
  /** The place of the name. */
  readonly place: TemplateSpan;
  /** What stands in place of the dot and the name to reach the field. */
  readonly replaced: Span;
  readonly replacement: string;
}

const SIGN = new RegExp(`\\.\\s*(?:${[...DICT_METHODS].join('|')})`);

/** The method names of a text that are not called, below paths; in reading order. None for text that does not parse. */
export function findShadowedFields(text: string): readonly ShadowedField[] {
  if (!SIGN.test(text)) return [];
  const template = parseTemplate(text);
  if (!template.ok) return [];
  const found: ShadowedField[] = [];
  const visit = (node: Expression): void => {
    if (node.type === 'call' && node.target.type === 'attribute') {
      for (const child of [node.target.target, ...childrenOf(node).slice(1)]) visit(child);
      return;
    }
    if (node.type === 'attribute' && DICT_METHODS.has(node.name)) {
      const owner = findPath(node.target);
      const { end } = node.nameSpan;
      const start = text.lastIndexOf('.', node.nameSpan.start);
      if (owner?.isWhole === true && text.slice(start + 1, node.nameSpan.start).trim() === '') {
        found.push({
          owner: owner.path.names,
          name: node.name,
          place: locate(text, node.nameSpan),
          replaced: { start, end },
          replacement: `[${quoteString(node.name)}]`,
        });
      }
    }
    for (const child of childrenOf(node)) visit(child);
  };
  const visitNodes = (nodes: readonly TemplateNode[]): void => {
    for (const node of nodes) {
      if (node.type === 'output') visit(node.expression);
      else if (node.type === 'if') {
        for (const { condition, body } of node.branches) {
          visit(condition);
          visitNodes(body);
        }
        visitNodes(node.otherwise);
      }
    }
  };
  visitNodes(template.value.nodes);
  return found;
}
