/**
 * Our own tree of a template: plain data, every node with its place. Everything that works on templates (evaluation,
 * references, renaming, completion, checks) knows this and nothing of the parser behind it.
 */

/** Offsets into the template's text in UTF-16 units; `end` is one past the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type TemplateNode = TextNode | OutputNode | IfNode;

/** Literal text as it renders: line ends are LF, white space next to `-` tags is gone. */
export interface TextNode extends Span {
  readonly type: 'text';
  readonly text: string;
}

/** `{{ expression }}`; the span holds the braces. */
export interface OutputNode extends Span {
  readonly type: 'output';
  readonly expression: Expression;
}

export interface IfNode extends Span {
  readonly type: 'if';
  readonly branches: readonly IfBranch[];
  readonly otherwise: readonly TemplateNode[];
}

export interface IfBranch {
  readonly condition: Expression;
  readonly body: readonly TemplateNode[];
}

export type Expression =
  | LiteralNode
  | NameNode
  | AttributeNode
  | SubscriptNode
  | SliceNode
  | ListNode
  | TupleNode
  | DictNode
  | CallNode
  | FilterNode
  | TestNode
  | UnaryNode
  | BinaryNode
  | ConcatNode
  | CompareNode
  | LogicNode
  | NotNode
  | ConditionalNode;

/** A bigint is Python's int, a number its float. */
export interface LiteralNode extends Span {
  readonly type: 'literal';
  readonly value: null | boolean | string | bigint | number;
}

export interface NameNode extends Span {
  readonly type: 'name';
  readonly name: string;
}

/** `target.name`. */
export interface AttributeNode extends Span {
  readonly type: 'attribute';
  readonly target: Expression;
  readonly name: string;
  readonly nameSpan: Span;
}

/** `target[index]`, and `target.0`. */
export interface SubscriptNode extends Span {
  readonly type: 'subscript';
  readonly target: Expression;
  readonly index: Expression;
}

/** `target[from:to:step]`. */
export interface SliceNode extends Span {
  readonly type: 'slice';
  readonly target: Expression;
  readonly from: Expression | null;
  readonly to: Expression | null;
  readonly step: Expression | null;
}

export interface ListNode extends Span {
  readonly type: 'list';
  readonly items: readonly Expression[];
}

export interface TupleNode extends Span {
  readonly type: 'tuple';
  readonly items: readonly Expression[];
}

export interface DictNode extends Span {
  readonly type: 'dict';
  readonly entries: readonly { readonly key: Expression; readonly value: Expression }[];
}

export interface Keyword {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Expression;
}

export interface Arguments {
  readonly positional: readonly Expression[];
  readonly keywords: readonly Keyword[];
}

export interface CallNode extends Span {
  readonly type: 'call';
  readonly target: Expression;
  readonly args: Arguments;
}

export interface FilterNode extends Span {
  readonly type: 'filter';
  readonly target: Expression;
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: Arguments;
}

export interface TestNode extends Span {
  readonly type: 'test';
  readonly target: Expression;
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: Arguments;
  readonly isNegated: boolean;
}

export interface UnaryNode extends Span {
  readonly type: 'unary';
  readonly operator: '-' | '+';
  readonly operand: Expression;
}

export const BINARY_OPERATORS = ['+', '-', '*', '/', '//', '%', '**'] as const;
export type BinaryOperator = (typeof BINARY_OPERATORS)[number];

export interface BinaryNode extends Span {
  readonly type: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `a ~ b ~ c`. */
export interface ConcatNode extends Span {
  readonly type: 'concat';
  readonly parts: readonly Expression[];
}

export const COMPARE_OPERATORS = ['==', '!=', '<', '<=', '>', '>=', 'in', 'not in'] as const;
export type CompareOperator = (typeof COMPARE_OPERATORS)[number];

/** `first < b <= c`: true when each neighbouring pair holds. */
export interface CompareNode extends Span {
  readonly type: 'compare';
  readonly first: Expression;
  readonly rest: readonly { readonly operator: CompareOperator; readonly operand: Expression }[];
}

export interface LogicNode extends Span {
  readonly type: 'logic';
  readonly operator: 'and' | 'or';
  readonly left: Expression;
  readonly right: Expression;
}

export interface NotNode extends Span {
  readonly type: 'not';
  readonly operand: Expression;
}

/** `then if condition else otherwise`; without `else` it is undefined when the condition fails. */
export interface ConditionalNode extends Span {
  readonly type: 'conditional';
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression | null;
}

/** The expressions directly inside one, in reading order. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.type) {
    case 'literal':
    case 'name':
      return [];
    case 'attribute':
      return [node.target];
    case 'subscript':
      return [node.target, node.index];
    case 'slice':
      return [node.target, node.from, node.to, node.step].filter((part) => part !== null);
    case 'list':
    case 'tuple':
      return node.items;
    case 'dict':
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case 'call':
    case 'filter':
    case 'test':
      return [node.target, ...node.args.positional, ...node.args.keywords.map((keyword) => keyword.value)];
    case 'unary':
    case 'not':
      return [node.operand];
    case 'binary':
    case 'logic':
      return [node.left, node.right];
    case 'concat':
      return node.parts;
    case 'compare':
      return [node.first, ...node.rest.map((pair) => pair.operand)];
    case 'conditional':
      return node.otherwise === null ? [node.then, node.condition] : [node.then, node.condition, node.otherwise];
  }
}
