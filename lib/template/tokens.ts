import type { Span } from './syntax';

export type TokenType =
  | 'data'
  | 'variable_begin'
  | 'variable_end'
  | 'block_begin'
  | 'block_end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'operator'
  | 'end';

export interface Token extends Span {
  readonly type: TokenType;
  /** As it stands in the source; of `data` what it renders, of a `string` what it holds. */
  readonly text: string;
}

/** Why text is no template. Thrown inside this room only; `parseTemplate` gives it as a value. */
export class SyntaxFault extends Error {
  readonly code: 'template_syntax' | 'template_unsupported';
  readonly at: Span;

  constructor(message: string, at: Span, code: SyntaxFault['code'] = 'template_syntax') {
    super(message);
    this.code = code;
    this.at = at;
  }
}

export const unsupported = (message: string, at: Span): SyntaxFault =>
  new SyntaxFault(message, at, 'template_unsupported');

/** Brackets, tags and unary operators open at once. */
const NESTING_MAX = 60;

/** Reads tokens one after the other; whatever stopped the tokenizer is thrown when it is reached, not before. */
export class TokenCursor {
  readonly #tokens: readonly Token[];
  readonly #fault: SyntaxFault | null;
  readonly #end: Token;
  #position = 0;
  #nesting = 0;

  constructor(tokens: readonly Token[], fault: SyntaxFault | null, textLength: number) {
    this.#tokens = tokens;
    this.#fault = fault;
    this.#end = { type: 'end', text: '', start: textLength, end: textLength };
  }

  get current(): Token {
    return this.#at(this.#position);
  }

  /** The token after the current one. */
  get following(): Token {
    return this.#at(this.#position + 1);
  }

  /** End of the token read last, 0 at the beginning. */
  get lastEnd(): number {
    return this.#tokens[this.#position - 1]?.end ?? 0;
  }

  next(): Token {
    const token = this.current;
    this.#position++;
    return token;
  }

  isAt(type: TokenType, text?: string): boolean {
    const token = this.current;
    return token.type === type && (text === undefined || token.text === text);
  }

  isOperator(text: string): boolean {
    return this.isAt('operator', text);
  }

  skip(type: TokenType, text?: string): boolean {
    if (!this.isAt(type, text)) return false;
    this.#position++;
    return true;
  }

  skipOperator(text: string): boolean {
    return this.skip('operator', text);
  }

  expectOperator(text: string, why: string): Token {
    if (!this.isOperator(text)) throw this.unexpected(`${why}, expected ${text}`);
    return this.next();
  }

  /** A fault at the current token that says what stands there. */
  unexpected(expected: string): SyntaxFault {
    const token = this.current;
    return new SyntaxFault(`${expected}, found ${describeToken(token)}.`, token);
  }

  /** Runs a reader one level deeper; too many levels are a fault, so that nothing overflows. */
  nest<T>(read: () => T): T {
    if (this.#nesting >= NESTING_MAX) {
      throw new SyntaxFault(`Nested deeper than ${NESTING_MAX} levels.`, this.current);
    }
    this.#nesting++;
    const result = read();
    this.#nesting--;
    return result;
  }

  #at(position: number): Token {
    const token = this.#tokens[position];
    if (token !== undefined) return token;
    if (this.#fault !== null) throw this.#fault;
    return this.#end;
  }
}

function describeToken(token: Token): string {
  switch (token.type) {
    case 'end':
      return 'the end of the text';
    case 'data':
      return 'text';
    case 'variable_begin':
    case 'variable_end':
    case 'block_begin':
    case 'block_end':
    case 'operator':
      return `“${token.text}”`;
    case 'string':
      return 'a string';
    case 'integer':
    case 'float':
      return `the number ${token.text.slice(0, 40)}`;
    case 'name':
      return `“${token.text.slice(0, 40)}”`;
  }
}
