import { INTEGER_DIGITS_MAX, parseFloatLiteral, parseInteger } from './read-literal';
import {
  type Arguments,
  type BinaryOperator,
  type CompareOperator,
  childrenOf,
  type Expression,
  type Keyword,
  type Span,
} from './syntax';
import { SyntaxFault, type Token, type TokenCursor, unsupported } from './tokens';

/**
 * Jinja2's expression grammar, level by level as its own parser has it (3.1, `jinja2/parser.py`): the loosest first.
 * Some of it surprises: `~` binds tighter than `+`, `**` groups to the left, `-2 ** 2` is 4.
 */

/** Operators and postfixes in a row make the tree as deep as they are many; deeper ones would overflow evaluation. */
const HEIGHT_MAX = 400;

/** What may stand in `{{ }}` and after `if`: an expression, or several with commas, which make a tuple. */
export function parseTupleOrExpression(cursor: TokenCursor, options: { hasConditional?: boolean } = {}): Expression {
  const expression = readTuple(cursor, { isInParentheses: false, hasConditional: options.hasConditional ?? true });
  refuseTooHigh(expression);
  return expression;
}

function refuseTooHigh(root: Expression): void {
  let level: readonly Expression[] = [root];
  for (let height = 0; level.length > 0; height++) {
    if (height > HEIGHT_MAX) throw new SyntaxFault(`More than ${HEIGHT_MAX} operators in a row.`, root);
    level = level.flatMap(childrenOf);
  }
}

function readTuple(
  cursor: TokenCursor,
  { isInParentheses, hasConditional }: { isInParentheses: boolean; hasConditional: boolean },
): Expression {
  const start = cursor.current.start;
  const items: Expression[] = [];
  let isTuple = false;
  while (!isTupleEnd(cursor)) {
    items.push(hasConditional ? readExpression(cursor) : readOr(cursor));
    if (!cursor.skipOperator(',')) break;
    isTuple = true;
  }
  if (!isTuple && items[0] !== undefined) return items[0];
  if (!isTuple && !isInParentheses) throw cursor.unexpected('Expected an expression');
  return { type: 'tuple', items, start, end: Math.max(start, cursor.lastEnd) };
}

const isTupleEnd = (cursor: TokenCursor): boolean =>
  cursor.isAt('variable_end') || cursor.isAt('block_end') || cursor.isOperator(')');

const spanFrom = (first: Span, cursor: TokenCursor): Span => ({ start: first.start, end: cursor.lastEnd });

function readExpression(cursor: TokenCursor): Expression {
  let node = readOr(cursor);
  while (cursor.skip('name', 'if')) {
    const then = node;
    const condition = readOr(cursor);
    const otherwise = cursor.skip('name', 'else') ? cursor.nest(() => readExpression(cursor)) : null;
    node = { type: 'conditional', condition, then, otherwise, ...spanFrom(then, cursor) };
  }
  return node;
}

function readOr(cursor: TokenCursor): Expression {
  let left = readAnd(cursor);
  while (cursor.skip('name', 'or')) {
    const right = readAnd(cursor);
    left = { type: 'logic', operator: 'or', left, right, ...spanFrom(left, cursor) };
  }
  return left;
}

function readAnd(cursor: TokenCursor): Expression {
  let left = readNot(cursor);
  while (cursor.skip('name', 'and')) {
    const right = readNot(cursor);
    left = { type: 'logic', operator: 'and', left, right, ...spanFrom(left, cursor) };
  }
  return left;
}

function readNot(cursor: TokenCursor): Expression {
  const first = cursor.current;
  if (!cursor.skip('name', 'not')) return readCompare(cursor);
  const operand = cursor.nest(() => readNot(cursor));
  return { type: 'not', operand, ...spanFrom(first, cursor) };
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

function readCompare(cursor: TokenCursor): Expression {
  const first = readSum(cursor);
  const rest: { operator: CompareOperator; operand: Expression }[] = [];
  for (;;) {
    const operator = readCompareOperator(cursor);
    if (operator === undefined) break;
    rest.push({ operator, operand: readSum(cursor) });
  }
  return rest.length === 0 ? first : { type: 'compare', first, rest, ...spanFrom(first, cursor) };
}

function readCompareOperator(cursor: TokenCursor): CompareOperator | undefined {
  const { current } = cursor;
  if (current.type === 'operator' && COMPARISONS.has(current.text)) return cursor.next().text as CompareOperator;
  refuseJavaScript(current);
  if (cursor.skip('name', 'in')) return 'in';
  if (cursor.isAt('name', 'not') && cursor.following.type === 'name' && cursor.following.text === 'in') {
    cursor.next();
    cursor.next();
    return 'not in';
  }
  return undefined;
}

function refuseJavaScript(token: Token): void {
  if (token.type !== 'operator') return;
  const ours = JAVASCRIPT_OPERATORS.get(token.text);
  if (ours !== undefined) throw unsupported(`“${token.text}” is JavaScript; templates write “${ours}”.`, token);
}

const JAVASCRIPT_OPERATORS: ReadonlyMap<string, string> = new Map([
  ['===', '=='],
  ['!==', '!='],
  ['!', 'not'],
]);

function readSum(cursor: TokenCursor): Expression {
  return readBinary(cursor, ['+', '-'], readConcat);
}

function readConcat(cursor: TokenCursor): Expression {
  const first = readProduct(cursor);
  if (!cursor.isOperator('~')) return first;
  const parts = [first];
  while (cursor.skipOperator('~')) parts.push(readProduct(cursor));
  return { type: 'concat', parts, ...spanFrom(first, cursor) };
}

function readProduct(cursor: TokenCursor): Expression {
  return readBinary(cursor, ['*', '/', '//', '%'], readPower);
}

function readPower(cursor: TokenCursor): Expression {
  return readBinary(cursor, ['**'], (inner) => readUnary(inner, true));
}

function readBinary(
  cursor: TokenCursor,
  operators: readonly BinaryOperator[],
  readOperand: (cursor: TokenCursor) => Expression,
): Expression {
  let left = readOperand(cursor);
  for (;;) {
    const operator = operators.find((text) => cursor.isOperator(text));
    if (operator === undefined) return left;
    cursor.next();
    const right = readOperand(cursor);
    left = { type: 'binary', operator, left, right, ...spanFrom(left, cursor) };
  }
}

/** A filter after `-x` takes the negated value, so inside the sign none is read. */
function readUnary(cursor: TokenCursor, hasFilters: boolean): Expression {
  const first = cursor.current;
  let node: Expression;
  const operator = cursor.isOperator('-') ? '-' : cursor.isOperator('+') ? '+' : null;
  if (operator !== null) {
    cursor.next();
    const operand = cursor.nest(() => readUnary(cursor, false));
    node = { type: 'unary', operator, operand, ...spanFrom(first, cursor) };
  } else node = readPrimary(cursor);
  node = readPostfixes(cursor, node);
  return hasFilters ? readFiltersAndTests(cursor, node) : node;
}

function readPrimary(cursor: TokenCursor): Expression {
  const token = cursor.current;
  const { start, end } = token;
  switch (token.type) {
    case 'name':
      cursor.next();
      return CONSTANTS.has(token.text)
        ? { type: 'literal', value: CONSTANTS.get(token.text)!, start, end }
        : { type: 'name', name: token.text, start, end };
    case 'string': {
      const parts: string[] = [];
      while (cursor.isAt('string')) parts.push(cursor.next().text);
      return { type: 'literal', value: parts.join(''), ...spanFrom(token, cursor) };
    }
    case 'integer':
      if (token.text.length > INTEGER_DIGITS_MAX) {
        throw new SyntaxFault(`A number of more than ${INTEGER_DIGITS_MAX} digits.`, token);
      }
      cursor.next();
      return { type: 'literal', value: parseInteger(token.text), start, end };
    case 'float':
      cursor.next();
      return { type: 'literal', value: parseFloatLiteral(token.text), start, end };
    default:
      if (token.type === 'operator' && '([{'.includes(token.text)) return cursor.nest(() => readBracketed(cursor));
      refuseJavaScript(token);
      throw cursor.unexpected('Expected an expression');
  }
}

const CONSTANTS: ReadonlyMap<string, null | boolean> = new Map<string, null | boolean>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

function readBracketed(cursor: TokenCursor): Expression {
  const open = cursor.next();
  if (open.text === '(') {
    const inner = readTuple(cursor, { isInParentheses: true, hasConditional: true });
    cursor.expectOperator(')', 'This bracket is not closed');
    // The brackets belong to a tuple; around anything else they only group.
    return inner.type === 'tuple' && inner.start >= open.end ? { ...inner, ...spanFrom(open, cursor) } : inner;
  }
  if (open.text === '[') {
    const items: Expression[] = [];
    readSeparated(cursor, ']', () => items.push(readExpression(cursor)));
    return { type: 'list', items, ...spanFrom(open, cursor) };
  }
  const entries: { key: Expression; value: Expression }[] = [];
  readSeparated(cursor, '}', () => {
    const key = readExpression(cursor);
    cursor.expectOperator(':', 'After a key of a dict');
    entries.push({ key, value: readExpression(cursor) });
  });
  return { type: 'dict', entries, ...spanFrom(open, cursor) };
}

/** Items with commas between them, one more allowed at the end, up to the closing bracket. */
function readSeparated(cursor: TokenCursor, close: string, readItem: () => void): void {
  while (!cursor.skipOperator(close)) {
    readItem();
    if (!cursor.isOperator(close)) cursor.expectOperator(',', `Between items before ${close}`);
  }
}

function readPostfixes(cursor: TokenCursor, target: Expression): Expression {
  let node = target;
  for (;;) {
    if (cursor.isOperator('.')) node = readAttribute(cursor, node);
    else if (cursor.isOperator('[')) node = readSubscript(cursor, node);
    else if (cursor.isOperator('(')) node = readCall(cursor, node);
    else return node;
  }
}

function readAttribute(cursor: TokenCursor, target: Expression): Expression {
  cursor.next();
  const key = cursor.current;
  if (key.type === 'name') {
    cursor.next();
    const nameSpan = { start: key.start, end: key.end };
    return { type: 'attribute', target, name: key.text, nameSpan, ...spanFrom(target, cursor) };
  }
  if (key.type !== 'integer') throw cursor.unexpected('Expected a field name after the dot');
  const index = readPrimary(cursor);
  return { type: 'subscript', target, index, ...spanFrom(target, cursor) };
}

function readSubscript(cursor: TokenCursor, target: Expression): Expression {
  cursor.next();
  return cursor.nest(() => {
    if (cursor.isOperator(']')) throw cursor.unexpected('Expected a field or an index between [ and ]');
    const from = cursor.isOperator(':') ? null : readExpression(cursor);
    if (from !== null && !cursor.isOperator(':')) {
      if (cursor.isOperator(',')) throw unsupported('An index of several parts is not available.', cursor.current);
      cursor.expectOperator(']', 'This bracket is not closed');
      return { type: 'subscript', target, index: from, ...spanFrom(target, cursor) };
    }
    cursor.next();
    const isPartEnd = (): boolean => cursor.isOperator(':') || cursor.isOperator(']');
    const to = isPartEnd() ? null : readExpression(cursor);
    const step = cursor.skipOperator(':') && !isPartEnd() ? readExpression(cursor) : null;
    cursor.expectOperator(']', 'This bracket is not closed');
    return { type: 'slice', target, from, to, step, ...spanFrom(target, cursor) };
  });
}

function readCall(cursor: TokenCursor, target: Expression): Expression {
  const args = readArguments(cursor);
  return { type: 'call', target, args, ...spanFrom(target, cursor) };
}

function readArguments(cursor: TokenCursor): Arguments {
  cursor.next();
  const positional: Expression[] = [];
  const keywords: Keyword[] = [];
  cursor.nest(() =>
    readSeparated(cursor, ')', () => {
      if (cursor.isOperator('*') || cursor.isOperator('**')) {
        throw unsupported('Arguments from a list or dict (* and **) are not available.', cursor.current);
      }
      if (cursor.isAt('name') && cursor.following.type === 'operator' && cursor.following.text === '=') {
        const name = cursor.next();
        cursor.next();
        if (keywords.some((keyword) => keyword.name === name.text)) {
          throw new SyntaxFault(`The argument ${name.text} is given twice.`, name);
        }
        const nameSpan = { start: name.start, end: name.end };
        keywords.push({ name: name.text, nameSpan, value: readExpression(cursor) });
        return;
      }
      if (keywords.length > 0) throw cursor.unexpected('Expected name=value after the first argument with a name');
      positional.push(readExpression(cursor));
    }),
  );
  return { positional, keywords };
}

const NO_ARGUMENTS: Arguments = { positional: [], keywords: [] };

function readFiltersAndTests(cursor: TokenCursor, target: Expression): Expression {
  let node = target;
  for (;;) {
    if (cursor.skipOperator('|')) node = readFilter(cursor, node);
    else if (cursor.skip('name', 'is')) node = readTest(cursor, node);
    else if (cursor.isOperator('(')) node = readCall(cursor, node);
    else return node;
  }
}

function readCallableName(cursor: TokenCursor, what: string): { readonly name: string; readonly nameSpan: Span } {
  if (cursor.isOperator('|')) throw unsupported('“||” is JavaScript; templates write “or”.', cursor.current);
  if (!cursor.isAt('name')) throw cursor.unexpected(`Expected the name of a ${what}`);
  const first = cursor.next();
  let name = first.text;
  while (cursor.skipOperator('.')) {
    if (!cursor.isAt('name')) throw cursor.unexpected(`Expected the name of a ${what}`);
    name += `.${cursor.next().text}`;
  }
  return { name, nameSpan: spanFrom(first, cursor) };
}

function readFilter(cursor: TokenCursor, target: Expression): Expression {
  const named = readCallableName(cursor, 'filter');
  const args = cursor.isOperator('(') ? readArguments(cursor) : NO_ARGUMENTS;
  return { type: 'filter', target, ...named, args, ...spanFrom(target, cursor) };
}

function readTest(cursor: TokenCursor, target: Expression): Expression {
  const isNegated = cursor.skip('name', 'not');
  const named = readCallableName(cursor, 'test');
  let args = NO_ARGUMENTS;
  if (cursor.isOperator('(')) args = readArguments(cursor);
  else if (isBareArgument(cursor)) {
    args = { positional: [readPostfixes(cursor, readPrimary(cursor))], keywords: [] };
  }
  return { type: 'test', target, ...named, args, isNegated, ...spanFrom(target, cursor) };
}

/** `is divisibleby 3`: one argument may follow without brackets. */
function isBareArgument(cursor: TokenCursor): boolean {
  const { type, text } = cursor.current;
  if (type === 'name') {
    if (text === 'is') throw new SyntaxFault('Tests cannot be chained; join them with “and”.', cursor.current);
    if (text === 'if' || text === 'not' || text === 'in') {
      // Jinja2 takes the word for the test's argument.
      throw new SyntaxFault(`Put the test in brackets: (… is …) ${text} …`, cursor.current);
    }
    return text !== 'else' && text !== 'or' && text !== 'and';
  }
  return type === 'string' || type === 'integer' || type === 'float' || (type === 'operator' && '[{'.includes(text));
}
