import { findNearestName } from '@/lib/nearest-name';
import { type Callable, orderArguments } from './callables/callable';
import { FILTERS, UNSUPPORTED_FILTERS } from './callables/filters';
import { TESTS, UNSUPPORTED_TESTS } from './callables/jinja-tests';
import { childrenOf, type Expression, type TemplateNode } from './syntax';
import { SyntaxFault, unsupported } from './tokens';

/** Jinja2's global functions; none can be called yet, and no action can be named like them. */
export const GLOBAL_FUNCTIONS: ReadonlySet<string> = new Set([
  'range',
  'dict',
  'lipsum',
  'cycler',
  'joiner',
  'namespace',
]);

/** Every expression at the top of a tag, in reading order. */
export function* rootExpressions(nodes: readonly TemplateNode[]): Iterable<Expression> {
  for (const node of nodes) {
    if (node.type === 'output') yield node.expression;
    else if (node.type === 'if') {
      for (const { condition, body } of node.branches) {
        yield condition;
        yield* rootExpressions(body);
      }
      yield* rootExpressions(node.otherwise);
    }
  }
}

/** Throws a {@link SyntaxFault} at the first filter or test that there is not, or whose arguments do not fit. */
export function checkCallables(nodes: readonly TemplateNode[]): void {
  for (const root of rootExpressions(nodes)) {
    const open: Expression[] = [root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node.type === 'filter') check(node, FILTERS, UNSUPPORTED_FILTERS);
      else if (node.type === 'test') check(node, TESTS, UNSUPPORTED_TESTS);
      else if (node.type === 'call' && node.target.type === 'name' && GLOBAL_FUNCTIONS.has(node.target.name)) {
        throw unsupported(`The function ${node.target.name}() is not available here.`, node.target);
      }
      open.push(...childrenOf(node).toReversed());
    }
  }
}

function check(
  node: Extract<Expression, { type: 'filter' | 'test' }>,
  table: ReadonlyMap<string, Callable<unknown>>,
  unsupportedNames: ReadonlySet<string>,
): void {
  const callable = table.get(node.name);
  if (callable === undefined) {
    if (unsupportedNames.has(node.name)) {
      throw unsupported(`The ${node.type} ${node.name} is not available here.`, node.nameSpan);
    }
    const nearest = findNearestName(node.name, table.keys());
    const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    throw new SyntaxFault(`There is no ${node.type} ${node.name.slice(0, 60)}.${hint}`, node.nameSpan);
  }
  if (callable.parameters === 'any') return;
  const named = new Map(node.args.keywords.map((keyword) => [keyword.name, keyword.value]));
  const ordered = orderArguments(`The ${node.type} ${node.name}`, callable.parameters, node.args.positional, named);
  if ('complaint' in ordered) throw new SyntaxFault(ordered.complaint, node.nameSpan);
}
