import { DICT_METHODS } from '@/lib/template/lookup';
import type { Expression } from '@/lib/template/syntax';

/** Whether a text stands at the end of a path such as `['fetch', 'customer_id']`, as far as anybody knows. */
export type IsTextAt = (path: readonly string[]) => boolean;

/**
 * Whether an expression gives a text whenever it gives anything: then printing it changes nothing. Knows operators,
 * filters and methods; says no when in doubt.
 */
export function isSurelyText(node: Expression, isTextAt: IsTextAt): boolean {
  const isText = (part: Expression): boolean => isSurelyText(part, isTextAt);
  switch (node.type) {
    case 'literal':
      return typeof node.value === 'string';
    case 'concat':
      return true;
    case 'name':
    case 'attribute':
    case 'subscript': {
      const path = pathOf(node);
      if (path !== undefined && isTextAt(path)) return true;
      // A character of a text is a text.
      return node.type === 'subscript' && isText(node.target);
    }
    case 'slice':
      return isText(node.target);
    case 'filter':
      if (TEXT_FILTERS.has(node.name)) return true;
      if (node.name === 'default' || node.name === 'd') {
        const fallbacks = [...node.args.positional.slice(0, 1), ...valuesOf(node, 'default_value')];
        return isText(node.target) && fallbacks.every(isText);
      }
      return ITEM_FILTERS.has(node.name) && isText(node.target);
    case 'call':
      return node.target.type === 'attribute' && TEXT_METHODS.has(node.target.name) && isText(node.target.target);
    case 'binary':
      if (node.operator === '+') return isText(node.left) && isText(node.right);
      if (node.operator === '*') return isText(node.left) || isText(node.right);
      return node.operator === '%' && isText(node.left);
    case 'logic':
      return isText(node.left) && isText(node.right);
    case 'conditional':
      // Without `else` nothing is given, which is an empty text either way.
      return isText(node.then) && (node.otherwise === null || isText(node.otherwise));
    case 'list':
    case 'tuple':
    case 'dict':
    case 'test':
    case 'unary':
    case 'compare':
    case 'not':
      return false;
  }
}

const valuesOf = ({ args }: Extract<Expression, { type: 'filter' }>, name: string): readonly Expression[] =>
  args.keywords.filter((keyword) => keyword.name === name).map(({ value }) => value);

function pathOf(node: Expression): readonly string[] | undefined {
  if (node.type === 'name') return [node.name];
  if (node.type !== 'attribute' && node.type !== 'subscript') return undefined;
  const target = pathOf(node.target);
  if (target === undefined) return undefined;
  if (node.type === 'attribute') return DICT_METHODS.has(node.name) ? undefined : [...target, node.name];
  const { index } = node;
  const isKey = index.type === 'literal' && (typeof index.value === 'string' || typeof index.value === 'bigint');
  return isKey ? [...target, String(index.value)] : undefined;
}

/** Filters of Jinja2 that give a text whatever they are put to. */
const TEXT_FILTERS: ReadonlySet<string> = new Set(
  (
    'capitalize center e escape filesizeformat forceescape format indent join lower pprint replace safe string ' +
    'striptags title tojson trim truncate upper urlencode urlize wordwrap xmlattr'
  ).split(' '),
);

/** Filters that give a part of a text as a text. */
const ITEM_FILTERS: ReadonlySet<string> = new Set(['first', 'last', 'min', 'max', 'reverse']);

const TEXT_METHODS: ReadonlySet<string> = new Set(
  (
    'capitalize casefold center expandtabs join ljust lower lstrip removeprefix removesuffix replace rjust rstrip ' +
    'strip swapcase title upper zfill'
  ).split(' '),
);
