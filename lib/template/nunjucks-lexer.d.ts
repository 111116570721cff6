/** What we use of nunjucks' lexer. Its own type package speaks of the engine only, which is never loaded here. */
declare module 'nunjucks/src/lexer.js' {
  interface LexerToken {
    readonly type: string;
    readonly value: unknown;
  }
  interface Tokenizer {
    /** Offset of the next unread UTF-16 unit. */
    index: number;
    readonly str: string;
    /** Between `{{` or `{%` and its end. */
    in_code: boolean;
    nextToken(): LexerToken | null;
    isFinished(): boolean;
    forwardN(count: number): void;
    _matches(text: string): boolean | null;
  }
  const lexer: { lex(text: string): Tokenizer };
  export default lexer;
}
