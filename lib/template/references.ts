import { GLOBAL_FUNCTIONS } from './check-callables';
import { DICT_METHODS } from './lookup';
import { parseTemplate, type Template } from './parse-template';
import { createLocator, type TemplateSpan } from './place';
import { childrenOf, type Expression, type Span, type TemplateNode } from './syntax';

export type { TemplateSpan } from './place';

/** One path that a template reads, such as `fetch_customer.customer_id`. */
export interface Reference {
  /** As far as the text tells it: `['fetch_customer', 'orders', '0']`; an index that is calculated ends it. */
  readonly path: readonly string[];
  /** The place of each segment; of `['items']` the string with its quotes. */
  readonly segments: readonly TemplateSpan[];
  /**
   * Whether it is read only where it is there, or has a default: under `|default`, in `is defined` itself, or behind
   * a condition that asks for this path, one above or one below it.
   */
  readonly isGuarded: boolean;
}

const referencesByTemplate = new WeakMap<Template, readonly Reference[]>();

/** Every path that a text reads, in reading order; none for text that does not parse. */
export function findReferences(text: string): readonly Reference[] {
  const template = parseTemplate(text);
  if (!template.ok) return [];
  const known = referencesByTemplate.get(template.value);
  if (known !== undefined) return known;
  const collector = new Collector(text);
  collector.visitNodes(template.value.nodes, []);
  referencesByTemplate.set(template.value, collector.references);
  return collector.references;
}

interface Path {
  readonly names: readonly string[];
  readonly spans: readonly Span[];
}

/** The path that an expression spells, as far as it goes; undefined when it does not begin with a name. */
export function findPath(node: Expression): { readonly path: Path; readonly isWhole: boolean } | undefined {
  if (node.type === 'name') return { path: { names: [node.name], spans: [node] }, isWhole: true };
  if (node.type !== 'attribute' && node.type !== 'subscript') return undefined;
  const target = findPath(node.target);
  if (target === undefined) return undefined;
  const key = findKey(node);
  if (!target.isWhole || key === undefined) return { path: target.path, isWhole: false };
  const { names, spans } = target.path;
  return { path: { names: [...names, key.name], spans: [...spans, key.span] }, isWhole: true };
}

function findKey(
  node: Extract<Expression, { type: 'attribute' | 'subscript' }>,
): { readonly name: string; readonly span: Span } | undefined {
  if (node.type === 'attribute') {
    // On a dict this is the method, whatever fields it has.
    return DICT_METHODS.has(node.name) ? undefined : { name: node.name, span: node.nameSpan };
  }
  const { index } = node;
  if (index.type === 'literal' && (typeof index.value === 'string' || typeof index.value === 'bigint')) {
    return { name: String(index.value), span: index };
  }
  if (index.type === 'unary' && index.operand.type === 'literal' && typeof index.operand.value === 'bigint') {
    return { name: `${index.operator === '-' ? '-' : ''}${index.operand.value}`, span: index };
  }
  return undefined;
}

type Guards = readonly (readonly string[])[];

class Collector {
  readonly references: Reference[] = [];
  readonly #locate: (span: Span) => TemplateSpan;

  constructor(text: string) {
    this.#locate = createLocator(text);
  }

  visitNodes(nodes: readonly TemplateNode[], guards: Guards): void {
    for (const node of nodes) {
      if (node.type === 'output') this.visit(node.expression, guards);
      else if (node.type === 'if') {
        let known = guards;
        for (const { condition, body } of node.branches) {
          this.visit(condition, known);
          this.visitNodes(body, [...known, ...guardsWhen(condition, true)]);
          known = [...known, ...guardsWhen(condition, false)];
        }
        this.visitNodes(node.otherwise, known);
      }
    }
  }

  visit(node: Expression, guards: Guards): void {
    const found = findPath(node);
    if (found !== undefined) {
      this.#add(found.path, guards);
      if (!found.isWhole || node.type === 'subscript') this.#visitIndices(node, guards);
      return;
    }
    if (node.type === 'logic') {
      this.visit(node.left, guards);
      this.visit(node.right, [...guards, ...guardsWhen(node.left, node.operator === 'and')]);
    } else if (node.type === 'conditional') {
      this.visit(node.then, [...guards, ...guardsWhen(node.condition, true)]);
      this.visit(node.condition, guards);
      if (node.otherwise !== null) this.visit(node.otherwise, [...guards, ...guardsWhen(node.condition, false)]);
    } else if (tolerates(node)) {
      const [target, ...args] = childrenOf(node);
      const path = findPath(target!)?.path.names;
      this.visit(target!, path === undefined ? guards : [...guards, path]);
      for (const argument of args) this.visit(argument, guards);
    } else if (node.type === 'call' && node.target.type === 'attribute') {
      // The name of a method is no field.
      this.visit(node.target.target, guards);
      for (const argument of childrenOf(node).slice(1)) this.visit(argument, guards);
    } else for (const child of childrenOf(node)) this.visit(child, guards);
  }

  /** What stands between the brackets of a path reads paths of its own. */
  #visitIndices(node: Expression, guards: Guards): void {
    for (let at = node; at.type === 'attribute' || at.type === 'subscript'; at = at.target) {
      if (at.type === 'subscript') this.visit(at.index, guards);
    }
  }

  #add({ names, spans }: Path, guards: Guards): void {
    if (GLOBAL_FUNCTIONS.has(names[0]!)) return;
    this.references.push({
      path: names,
      segments: spans.map(this.#locate),
      isGuarded: guards.some((guard) => isRelated(guard, names)),
    });
  }
}

/** Filters and tests that take what is not there. */
const tolerates = (node: Expression): boolean =>
  (node.type === 'filter' && (node.name === 'default' || node.name === 'd')) ||
  (node.type === 'test' && (node.name === 'defined' || node.name === 'undefined'));

/** One of the two leads to the other. */
const isRelated = (a: readonly string[], b: readonly string[]): boolean =>
  (a.length <= b.length ? a : b).every((name, index) => name === (a.length <= b.length ? b : a)[index]);

/** The paths that are there when a condition has an outcome. */
function guardsWhen(condition: Expression, outcome: boolean): Guards {
  switch (condition.type) {
    case 'not':
      return guardsWhen(condition.operand, !outcome);
    case 'logic':
      return (condition.operator === 'and') === outcome
        ? [...guardsWhen(condition.left, outcome), ...guardsWhen(condition.right, outcome)]
        : [];
    case 'test': {
      const asks = condition.name === 'defined' ? true : condition.name === 'undefined' ? false : undefined;
      const path = findPath(condition.target);
      const isThere = asks === undefined ? undefined : (asks !== condition.isNegated) === outcome;
      return isThere === true && path?.isWhole === true ? [path.path.names] : [];
    }
    case 'name':
    case 'attribute':
    case 'subscript': {
      const path = findPath(condition);
      return outcome && path?.isWhole === true ? [path.path.names] : [];
    }
    default:
      return [];
  }
}
