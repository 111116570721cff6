import nunjucksLexer from 'nunjucks/src/lexer.js';
import { findNearestName } from '@/lib/nearest-name';
import { parseTupleOrExpression } from './parse-expression';
import { stripEnd, stripStart } from './python-text';
import { decodeString, isIdentifier, matchNumber } from './read-literal';
import type { IfBranch, TemplateNode } from './syntax';
import { SyntaxFault, type Token, TokenCursor, type TokenType, unsupported } from './tokens';

/**
 * The only file that knows nunjucks, and all we take of it is the tokenizer: loading its compiler or runtime would
 * bring in code generation and prototype access.
 *
 * Its parser is not used. It has no end positions, binds `~ + - * / //` otherwise than Jinja2 does (`2 * 7 // 2`
 * gives 6 there and 7 here), overflows on deep nesting, and would have had to be overridden method by method; what
 * would be left is the dispatch below.
 */
const Tokenizer = nunjucksLexer.lex('').constructor as new (text: string) => ReturnType<typeof nunjucksLexer.lex>;

interface Piece {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const RAW_BEGIN = /\{%[-+]?\s*raw\s*(-?)%\}/y;
const RAW_END = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/y;
const NAME = /[\p{L}\p{N}\p{M}_\p{Pc}]+/uy;

/** nunjucks' tokenizer with offsets, and with Jinja2's rules where nunjucks has its own. */
class JinjaTokenizer extends Tokenizer {
  #openBrackets = 0;
  #isInComment = false;

  /** The next piece of source and its place; null at the end. */
  nextPiece(): Piece | null {
    if (this.isFinished()) return null;
    const start = this.index;
    const type = this.in_code ? this.#nextInCode(start) : this.#nextOutside();
    return { type, start, end: Math.min(this.index, this.str.length) };
  }

  /** Moves to an offset ahead. */
  jumpTo(offset: number): void {
    this.forwardN(offset - this.index);
  }

  // Outside of comments `#}` is plain text in Jinja2; nunjucks throws.
  override _matches(text: string): boolean | null {
    return text === '#}' && !this.#isInComment ? false : super._matches(text);
  }

  #nextOutside(): string {
    const tag = this.str.slice(this.index, this.index + 3);
    if (tag === '{{+' || tag === '{%+') {
      this.forwardN(3);
      this.in_code = true;
    } else {
      this.#isInComment = tag.startsWith('{#');
      const token = super.nextToken();
      this.#isInComment = false;
      if (!this.in_code) return token?.type ?? 'data';
    }
    this.#openBrackets = 0;
    return tag.startsWith('{{') ? 'variable-start' : 'block-start';
  }

  #nextInCode(start: number): string {
    const { str } = this;
    const char = str.charAt(start);
    // nunjucks reads `a.0.b` as a float, `null` as none and `r/2/` as a regular expression.
    const number = matchNumber(str, start);
    if (number !== undefined) {
      this.jumpTo(number.end);
      return number.type;
    }
    NAME.lastIndex = start;
    const name = NAME.exec(str);
    if (name !== null) {
      this.jumpTo(start + name[0].length);
      return 'symbol';
    }
    if (/\s/.test(char)) {
      this.forwardN(1);
      return 'whitespace';
    }
    // Inside brackets Jinja2 never ends the tag: the braces of {{ {'a': {}}} }} close dicts.
    if (this.#openBrackets > 0 && '}%-'.includes(char)) {
      this.forwardN(1);
      if (char === '}') this.#openBrackets--;
      return 'operator';
    }
    if (str.startsWith('+%}', start)) {
      this.forwardN(3);
      this.in_code = false;
      return 'block-end';
    }
    const type = super.nextToken()?.type ?? 'operator';
    if ('([{'.includes(char)) this.#openBrackets++;
    else if (')]}'.includes(char) && this.#openBrackets > 0) this.#openBrackets--;
    return type;
  }
}

const TAG_TYPES: ReadonlyMap<string, TokenType> = new Map([
  ['variable-start', 'variable_begin'],
  ['variable-end', 'variable_end'],
  ['block-start', 'block_begin'],
  ['block-end', 'block_end'],
]);

export interface Tokens {
  readonly tokens: readonly Token[];
  /** What ended the reading early; the tokens before it are good. */
  readonly fault: SyntaxFault | null;
  /** Offset of the quote of a string that is never closed. */
  readonly openStringAt: number | null;
}

/** Reads all tokens of a text, up to the first thing that is none. Never throws; unfinished text is what it is for. */
export function tokenize(text: string): Tokens {
  const tokens: Token[] = [];
  try {
    readTokens(text, tokens);
    return { tokens, fault: null, openStringAt: null };
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    return { tokens, fault, openStringAt: fault instanceof OpenStringFault ? fault.at.start : null };
  }
}

class OpenStringFault extends SyntaxFault {}

function readTokens(text: string, tokens: Token[]): void {
  const source = new JinjaTokenizer(text);
  let isTrimmedAtStart = false;

  const pushData = (start: number, end: number, hasEndTrim: boolean): void => {
    let rendered = text.slice(start, end).replace(/\r\n?/g, '\n');
    if (isTrimmedAtStart) rendered = stripStart(rendered);
    if (hasEndTrim) rendered = stripEnd(rendered);
    // Jinja2 drops one newline at the very end.
    else if (end === text.length && rendered.endsWith('\n')) rendered = rendered.slice(0, -1);
    isTrimmedAtStart = false;
    if (rendered !== '') tokens.push({ type: 'data', text: rendered, start, end });
  };

  while (!source.isFinished()) {
    const raw = source.in_code ? undefined : findRaw(text, source.index);
    if (raw !== undefined) {
      isTrimmedAtStart = raw.isTrimmedAtStart;
      pushData(raw.contentStart, raw.contentEnd, raw.isTrimmedAtEnd);
      isTrimmedAtStart = raw.isNextTrimmed;
      source.jumpTo(raw.end);
      continue;
    }
    const { type, start, end } = readPiece(source);
    if (type === 'whitespace') continue;
    const tag = TAG_TYPES.get(type);
    if (type === 'data') pushData(start, end, /^\{[{%#]-/.test(text.slice(end, end + 3)));
    else if (type === 'comment') isTrimmedAtStart = end - start >= 6 && text[end - 3] === '-';
    else if (tag !== undefined) {
      if (tag === 'variable_end' || tag === 'block_end') isTrimmedAtStart = text[start] === '-';
      tokens.push({ type: tag, text: text.slice(start, end), start, end });
    } else tokens.push(readCodeToken(text, type, start, end));
  }
}

function readPiece(source: JinjaTokenizer): Piece {
  const start = source.index;
  try {
    return source.nextPiece()!;
  } catch (error) {
    if (error instanceof SyntaxFault) throw error;
    // The only thing nunjucks' tokenizer still refuses.
    throw new SyntaxFault('This comment is never closed; #} is missing.', { start, end: start + 2 });
  }
}

function readCodeToken(text: string, type: string, start: number, end: number): Token {
  const spelling = text.slice(start, end);
  switch (type) {
    case 'integer':
    case 'float':
      return { type, text: spelling, start, end };
    case 'string': {
      const decoded = decodeString(spelling);
      if (decoded.ok) return { type: 'string', text: decoded.value, start, end };
      if (decoded.error === 'open') throw new OpenStringFault('This string is never closed.', { start, end });
      throw new SyntaxFault(decoded.error, { start, end });
    }
    case 'symbol':
      if (isIdentifier(spelling)) return { type: 'name', text: spelling, start, end };
      throw refuseCharacter(spelling, start, end);
    default:
      return { type: 'operator', text: spelling, start, end };
  }
}

function refuseCharacter(spelling: string, start: number, end: number): SyntaxFault {
  const javascript = JAVASCRIPT_WORDS.get(spelling);
  if (javascript !== undefined) {
    return unsupported(`“${spelling}” is JavaScript; templates write “${javascript}”.`, { start, end });
  }
  return new SyntaxFault(`“${spelling.slice(0, 40)}” has no meaning in a template.`, { start, end });
}

const JAVASCRIPT_WORDS: ReadonlyMap<string, string> = new Map([
  ['&&', 'and'],
  ['?', 'a if condition else b'],
]);

interface Raw {
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly end: number;
  readonly isTrimmedAtStart: boolean;
  readonly isTrimmedAtEnd: boolean;
  readonly isNextTrimmed: boolean;
}

/** `{% raw %}` … `{% endraw %}` that begins at an offset. */
function findRaw(text: string, offset: number): Raw | undefined {
  RAW_BEGIN.lastIndex = offset;
  const begin = RAW_BEGIN.exec(text);
  if (begin === null) return undefined;
  const contentStart = offset + begin[0].length;
  for (let at = text.indexOf('{%', contentStart); at !== -1; at = text.indexOf('{%', at + 2)) {
    RAW_END.lastIndex = at;
    const match = RAW_END.exec(text);
    if (match === null) continue;
    return {
      contentStart,
      contentEnd: at,
      end: at + match[0].length,
      isTrimmedAtStart: begin[1] === '-',
      isTrimmedAtEnd: match[1] === '-',
      isNextTrimmed: match[2] === '-',
    };
  }
  throw new SyntaxFault('{% raw %} is never closed; {% endraw %} is missing.', { start: offset, end: contentStart });
}

/**
 * The tree of a template. Throws a {@link SyntaxFault} at the first thing that is no template, or that is Jinja2 but
 * not ours.
 */
export function parseJinja(text: string): readonly TemplateNode[] {
  const { tokens, fault } = tokenize(text);
  const cursor = new TokenCursor(tokens, fault, text.length);
  const body = parseBody(cursor, null);
  return body.nodes;
}

interface Body {
  readonly nodes: readonly TemplateNode[];
  /** The `elif`, `else` or `endif` that ended it; the cursor stands behind the word. */
  readonly endedBy: Token | null;
}

/** @param opener the tag that waits for its `endif`; null at the top. */
function parseBody(cursor: TokenCursor, opener: Token | null): Body {
  const nodes: TemplateNode[] = [];
  for (;;) {
    const token = cursor.next();
    switch (token.type) {
      case 'end':
        if (opener === null) return { nodes, endedBy: null };
        throw new SyntaxFault('This {% if %} is never closed; {% endif %} is missing.', opener);
      case 'data':
        nodes.push({ type: 'text', text: token.text, start: token.start, end: token.end });
        break;
      case 'variable_begin': {
        const expression = parseTupleOrExpression(cursor);
        if (!cursor.isAt('variable_end')) throw cursor.unexpected('Expected }} after the expression');
        nodes.push({ type: 'output', expression, start: token.start, end: cursor.next().end });
        break;
      }
      default: {
        const word = readTagWord(cursor);
        if (word.text === 'if') nodes.push(cursor.nest(() => parseIf(cursor, token, word)));
        else if (opener !== null && IF_PARTS.has(word.text)) return { nodes, endedBy: word };
        else throw refuseTag(word);
      }
    }
  }
}

const IF_PARTS: ReadonlySet<string> = new Set(['elif', 'else', 'endif']);

function readTagWord(cursor: TokenCursor): Token {
  if (!cursor.isAt('name')) throw cursor.unexpected('Expected a tag such as if');
  return cursor.next();
}

function parseIf(cursor: TokenCursor, begin: Token, opener: Token): TemplateNode {
  const branches: IfBranch[] = [];
  let otherwise: readonly TemplateNode[] = [];
  let word = opener;
  let isLast = false;
  while (word.text !== 'endif') {
    if (isLast) throw new SyntaxFault(`{% ${word.text} %} stands after {% else %}.`, word);
    isLast = word.text === 'else';
    const condition = isLast ? null : parseTupleOrExpression(cursor, { hasConditional: false });
    expectBlockEnd(cursor, word);
    const body = parseBody(cursor, opener);
    if (condition === null) otherwise = body.nodes;
    else branches.push({ condition, body: body.nodes });
    word = body.endedBy!;
  }
  return { type: 'if', branches, otherwise, start: begin.start, end: expectBlockEnd(cursor, word).end };
}

function expectBlockEnd(cursor: TokenCursor, word: Token): Token {
  if (!cursor.isAt('block_end')) throw cursor.unexpected(`Expected %} to end {% ${word.text} %}`);
  return cursor.next();
}

const UNSUPPORTED_TAGS: ReadonlySet<string> = new Set(
  (
    'for endfor set endset macro endmacro with endwith filter endfilter include import from extends block endblock ' +
    'call endcall do autoescape endautoescape trans endtrans pluralize break continue debug print'
  ).split(' '),
);

function refuseTag(word: Token): SyntaxFault {
  if (UNSUPPORTED_TAGS.has(word.text)) {
    return unsupported(`{% ${word.text} %} is not available here; templates take if, elif, else, endif and raw.`, word);
  }
  if (IF_PARTS.has(word.text)) return new SyntaxFault(`{% ${word.text} %} has no {% if %} before it.`, word);
  if (word.text === 'endraw') return new SyntaxFault('{% endraw %} has no {% raw %} before it.', word);
  const nearest = findNearestName(word.text, ['if', ...IF_PARTS, 'raw', 'endraw']);
  return new SyntaxFault(
    `There is no tag {% ${word.text.slice(0, 40)} %}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`,
    word,
  );
}
