import { clipText } from '@/lib/clip-text';
import type { JsonValue } from '@/lib/json/value';
import { assertNever, err, ok, type Result } from '@/lib/result';
import { bindInputs, type Scope } from '@/lib/template/bind-inputs';
import { Budget } from '@/lib/template/budget';
import { compileExpression, INPUT_NAME } from '@/lib/template/compile-expression';
import { parseTemplate, type Template } from '@/lib/template/parse-template';
import { printValue } from '@/lib/template/print-value';
import { findReferences, type Reference } from '@/lib/template/references';
import {
  type BinaryOperator,
  childrenOf,
  type Expression,
  type OutputNode,
  type TemplateNode,
} from '@/lib/template/syntax';
import { TemplateFault } from '@/lib/template/template-fault';
import { Method, Undefined, type UndefinedMode, type Value } from '@/lib/template/values';
import { escapeForJinja, printJinjaLiteral } from './jinja-literal';

export interface WriteInputRequest {
  /** A template that parses. */
  readonly text: string;
  /** The chain's input, defaults filled in; undefined when none was given. */
  readonly input: JsonValue | undefined;
  readonly binding: 'typed' | 'text';
  readonly undefinedMode: UndefinedMode;
}

/**
 * What stands in a mapping for a template of the chain, so that a runner which renders every text with Jinja2, and knows
 * no `input`, sends what this chain would send with that input.
 *
 * A template that reads no output and would not be a text comes out as its value. Where it is nothing but text and
 * `{{ input.path }}`, the text that it renders stands there. In every other one each `input.path` becomes a literal in
 * its place, and the rest stays byte for byte. What the input does not have stays undefined: a guarded read of it falls
 * back there as it does here.
 *
 * The error is a sentence: the input lacks what is read unguarded, or cannot be used as the template uses it.
 */
export function writeInput(request: WriteInputRequest): Result<JsonValue, string> {
  const { text, input, binding, undefinedMode } = request;
  const parsed = parseTemplate(text);
  if (!parsed.ok) return ok(text);
  const template = parsed.value;
  const isTyped = binding === 'typed' && template.single !== null;
  const references = findReferences(text);
  const reads = references.filter(({ path }) => path[0] === INPUT_NAME);
  if (reads.length > 0 && input === undefined) {
    return err(`reads ${clipText(reads[0]!.path.join('.'), 80)}, and no input is given`);
  }

  const scope: Scope = new Map(input === undefined ? [] : [[INPUT_NAME, input]]);
  const writer = new Writer(text, reads, scope, undefinedMode);
  try {
    const written = writer.write(template);
    if (references.length === reads.length && (isTyped || reads.length > 0)) {
      const bound = bindInputs({ inputs: text, scope, binding, undefinedMode });
      if (!bound.ok && reads.length > 0) return err(`cannot be rendered with this input: ${bound.error.message}`);
      // A strict runner would refuse what a lenient chain prints as nothing, so there the outcome itself is written.
      const isOutcomeWritten = bound.ok && (typeof bound.value.value !== 'string' || undefinedMode === 'lenient');
      if (bound.ok && (isOutcomeWritten || writer.isWholly(template.nodes))) {
        return ok(escapeForJinja(bound.value.value));
      }
    }
    // Typed, white space around the one expression is not part of the value.
    const stood = isTyped ? written.trim() : written;
    const read = parseTemplate(stood);
    return read.ok ? ok(stood) : err(`cannot have this input written into it: ${read.error.message}`);
  } catch (refusal) {
    if (refusal instanceof Unwritable) return err(refusal.message);
    throw refusal;
  }
}

class Unwritable extends Error {}

/** A piece of the text that something else is put for. */
interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

interface ResolvedPath {
  /** The last link that gives data, and the data. */
  readonly known: Expression;
  readonly value: JsonValue;
  /** The link after it, which stays as it is written; undefined at the end of the path. */
  readonly next: Expression | undefined;
  /** That link finds nothing. */
  readonly isMissing: boolean;
}

class Writer {
  readonly #text: string;
  readonly #readAt: ReadonlyMap<number, Reference>;
  readonly #scope: Scope;
  readonly #mode: UndefinedMode;
  readonly #replacements: Replacement[] = [];

  constructor(text: string, reads: readonly Reference[], scope: Scope, mode: UndefinedMode) {
    this.#text = text;
    this.#readAt = new Map(reads.map((read) => [read.segments[0]!.start, read]));
    this.#scope = scope;
    this.#mode = mode;
  }

  write(template: Template): string {
    if (this.#readAt.size === 0) return this.#text;
    this.#visitNodes(template.nodes);
    let written = '';
    let copied = 0;
    for (const { start, end, by } of this.#replacements.toSorted((a, b) => a.start - b.start)) {
      written += this.#text.slice(copied, start) + by;
      copied = end;
    }
    return written + this.#text.slice(copied);
  }

  /** Nothing but text and paths into the input. */
  isWholly(nodes: readonly TemplateNode[]): boolean {
    return nodes.every(
      (node) => node.type === 'text' || (node.type === 'output' && this.#isInputPath(node.expression)),
    );
  }

  #visitNodes(nodes: readonly TemplateNode[]): void {
    for (const node of nodes) {
      switch (node.type) {
        case 'text':
          break;
        case 'output':
          this.#visitOutput(node);
          break;
        case 'if':
          for (const { condition, body } of node.branches) {
            this.#visit(condition, true);
            this.#visitNodes(body);
          }
          this.#visitNodes(node.otherwise);
          break;
        default:
          assertNever(node);
      }
    }
  }

  #visitOutput(node: OutputNode): void {
    const plain = this.#isInputPath(node.expression) ? this.#findPlainText(node) : undefined;
    if (plain === undefined) this.#visit(node.expression, true);
    else this.#replacements.push({ start: node.start, end: node.end, by: plain });
  }

  /** What an output prints, if it can stand between its neighbours as it is. */
  #findPlainText({ start, end, expression }: OutputNode): string | undefined {
    const value = this.#evaluate(expression);
    if (value instanceof Undefined || value instanceof Method) return undefined;
    const printed = printedOf(value);
    const isTrimming = /^\{\{[-+]|[-+]\}\}$/.test(this.#text.slice(start, end));
    // White space at the ends could be trimmed by a neighbour, and nothing at all would let two neighbours meet.
    const isPlain = printed !== '' && !/[{}\r]|^[\s\x1c-\x1f\x85]|[\s\x1c-\x1f\x85]$/.test(printed);
    return isPlain && !isTrimming ? printed : undefined;
  }

  /** @param isFoldable false inside the base of a power; see {@link printJinjaLiteral}. */
  #visit(node: Expression, isFoldable: boolean): void {
    const links = this.#linksOf(node);
    if (links !== undefined) this.#writePath(links, isFoldable);
    else if (node.type === 'binary' && node.operator === POWER) {
      this.#visit(node.left, false);
      this.#visit(node.right, isFoldable);
    } else for (const child of childrenOf(node)) this.#visit(child, isFoldable);
  }

  /** `input`, `input.a`, `input.a.b`: an expression and what it looks into, the name first. */
  #linksOf(node: Expression): readonly Expression[] | undefined {
    const links: Expression[] = [node];
    let at = node;
    while (at.type === 'attribute' || at.type === 'subscript') {
      at = at.target;
      links.unshift(at);
    }
    return at.type === 'name' && at.name === INPUT_NAME && this.#readAt.has(at.start) ? links : undefined;
  }

  #isInputPath(node: Expression): boolean {
    const links = this.#linksOf(node);
    return links?.every((link) => link.type !== 'subscript' || isConstantIndex(link.index)) === true;
  }

  #writePath(links: readonly Expression[], isFoldable: boolean): void {
    const { known, value, next, isMissing } = this.#resolve(links);
    if (next !== undefined && isMissing) this.#writeMissing(links, known, value, next);
    else {
      const literal = printJinjaLiteral(value, isFoldable);
      // `5.x` would begin as a number with a fraction.
      const by = next === undefined || !/^\d/.test(literal) ? literal : `(${literal})`;
      this.#replacements.push({ start: known.start, end: known.end, by });
    }
    if (next !== undefined) this.#visitIndices(links, next);
  }

  /** Follows a path as far as it is fixed and leads to data. */
  #resolve(links: readonly Expression[]): ResolvedPath {
    let known = links[0]!;
    let value = this.#evaluate(known) as JsonValue;
    for (const next of links.slice(1)) {
      if (!this.#isWritable(known, next)) return { known, value, next, isMissing: false };
      const found = this.#evaluate(next);
      if (found instanceof Undefined) return { known, value, next, isMissing: true };
      if (found instanceof Method) return { known, value, next, isMissing: false };
      known = next;
      // Nothing else can be looked up in JSON.
      value = found as JsonValue;
    }
    return { known, value, next: undefined, isMissing: false };
  }

  /** Whether the step is fixed, and follows its target directly: in `(input.a).b` a bracket stands between. */
  #isWritable(target: Expression, step: Expression): boolean {
    if (step.type === 'subscript' && !isConstantIndex(step.index)) return false;
    return !this.#text.slice(target.end, step.end).trimStart().startsWith(')');
  }

  #writeMissing(links: readonly Expression[], known: Expression, value: JsonValue, missing: Expression): void {
    const { start } = known;
    if (this.#mode === 'lenient' && links.at(-1) === missing) {
      // Jinja2 takes the lenient kind of undefined here, whatever the runner's mode.
      this.#replacements.push({ start, end: missing.end, by: '(none if false)' });
      return;
    }
    if (this.#readAt.get(start)?.isGuarded !== true) {
      const read = clipText(this.#text.slice(start, missing.end), 80);
      throw new Unwritable(`reads ${read}, which the input does not have`);
    }
    const by = value instanceof Map ? '({})' : `(${printJinjaLiteral(value)})`;
    this.#replacements.push({ start, end: known.end, by });
  }

  /** What is calculated between the brackets of a path, from a link on, may read the input too. */
  #visitIndices(links: readonly Expression[], from: Expression): void {
    for (const link of links.slice(links.indexOf(from))) if (link.type === 'subscript') this.#visit(link.index, true);
  }

  #evaluate(node: Expression): Value {
    try {
      return compileExpression(node, this.#text)({ scope: this.#scope, undefinedMode: 'strict', budget: new Budget() });
    } catch (fault) {
      if (fault instanceof TemplateFault) throw new Unwritable(`cannot be rendered with this input: ${fault.message}`);
      throw fault;
    }
  }
}

const POWER: BinaryOperator = '**';

const isConstantIndex = (index: Expression): boolean =>
  index.type === 'literal' || (index.type === 'unary' && index.operand.type === 'literal');

function printedOf(value: Value): string {
  try {
    return printValue(value, new Budget());
  } catch (fault) {
    if (fault instanceof TemplateFault) throw new Unwritable(`cannot be rendered with this input: ${fault.message}`);
    throw fault;
  }
}
