import { clipText } from '@/lib/clip-text';
import type { JsonValue } from '@/lib/json/value';
import { findNearestName } from '@/lib/nearest-name';
import { calculate, calculateSign, concatenate, slice } from './arithmetic';
import type { Budget } from './budget';
import { type CallArguments, type Callable, type CallContext, orderArguments } from './callables/callable';
import { FILTERS } from './callables/filters';
import { TESTS } from './callables/jinja-tests';
import { callMethod } from './callables/methods';
import { beginning, lookUpAttribute, lookUpItem } from './lookup';
import { compare, isTrue } from './operators';
import { type Arguments, childrenOf, type Expression, type Span } from './syntax';
import { TemplateFault } from './template-fault';
import {
  Dict,
  type DictKey,
  findIndex,
  findKey,
  findNumber,
  List,
  Method,
  Tuple,
  toDictKey,
  typeNameOf,
  Undefined,
  type UndefinedMode,
  type Value,
} from './values';

/** Names → values that a template may read. */
export type Scope = ReadonlyMap<string, JsonValue>;

/** One evaluation. */
export interface Frame {
  readonly scope: Scope;
  readonly undefinedMode: UndefinedMode;
  readonly budget: Budget;
}

/** An expression ready to run, any number of times. */
export type Evaluator = (frame: Frame) => Value;

/** Name of the chain's own inputs in every scope. */
export const INPUT_NAME = 'input';

/** A fault leaves with the smallest expression it arose in. */
const at =
  (span: Span, evaluate: Evaluator): Evaluator =>
  (frame) => {
    try {
      frame.budget.step();
      return evaluate(frame);
    } catch (fault) {
      if (fault instanceof TemplateFault) fault.at ??= { start: span.start, end: span.end };
      throw fault;
    }
  };

/** @param source the template's text, to name expressions in messages */
export function compileExpression(node: Expression, source: string): Evaluator {
  const compile = (child: Expression): Evaluator => compileExpression(child, source);
  switch (node.type) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return at(node, (frame) => lookUpName(node.name, node, frame));
    case 'attribute': {
      const target = compile(node.target);
      const place = (): string => placeOf(node.target, source);
      return at(node, (frame) => lookUpAttribute(target(frame), node.name, place, missingAt(node.nameSpan, frame)));
    }
    case 'subscript': {
      const target = compile(node.target);
      const index = compile(node.index);
      const place = (): string => placeOf(node.target, source);
      return at(node, (frame) =>
        lookUpItem(target(frame), index(frame), place, missingAt(node.index, frame), frame.budget),
      );
    }
    case 'slice':
      return compileSlice(node, source);
    case 'list':
    case 'tuple': {
      const items = node.items.map(compile);
      const make = node.type === 'list' ? (made: Value[]) => new List(made) : (made: Value[]) => new Tuple(made);
      return at(node, (frame) => {
        frame.budget.allocate(items.length);
        return make(items.map((item) => item(frame)));
      });
    }
    case 'dict': {
      const entries = node.entries.map(({ key, value }) => ({ key: compile(key), value: compile(value) }));
      return at(node, (frame) => {
        frame.budget.allocate(entries.length);
        const made = new Map<DictKey, Value>();
        for (const entry of entries) {
          const key = entry.key(frame);
          if (key instanceof Undefined) throw key.fault;
          // A key that equals one before takes its place and keeps its spelling, as in Python.
          made.set(findKey(made, key) ?? toDictKey(key), entry.value(frame));
        }
        return new Dict(made);
      });
    }
    case 'call': {
      const target = compile(node.target);
      const args = compileArguments(node.args, source);
      return at(node, (frame) => {
        const callee = target(frame);
        if (callee instanceof Undefined) throw callee.fault;
        if (!(callee instanceof Method))
          throw new TemplateFault(`${beginning(placeOf(node.target, source))} cannot be called.`);
        return callMethod(callee, args(frame), callContext(frame, node));
      });
    }
    case 'filter': {
      const call = compileCallable(node, FILTERS, source);
      return at(node, call);
    }
    case 'test': {
      const call = compileCallable(node, TESTS, source);
      return at(node, node.isNegated ? (frame) => !call(frame) : call);
    }
    case 'unary': {
      const operand = compile(node.operand);
      return at(node, (frame) => calculateSign(node.operator, operand(frame)));
    }
    case 'binary': {
      const left = compile(node.left);
      const right = compile(node.right);
      if (node.operator === '**' && isConstant(node.left) && !isConstant(node.right)) {
        return at(node, (frame) => raiseConstant(left(frame), right(frame), frame.budget));
      }
      return at(node, (frame) => calculate(node.operator, left(frame), right(frame), frame.budget));
    }
    case 'concat': {
      const parts = node.parts.map(compile);
      return at(node, (frame) =>
        concatenate(
          parts.map((part) => part(frame)),
          frame.budget,
        ),
      );
    }
    case 'compare':
      return compileCompare(node, source);
    case 'logic': {
      const left = compile(node.left);
      const right = compile(node.right);
      const endsOn = node.operator === 'or';
      return at(node, (frame) => {
        const value = left(frame);
        return isTrue(value) === endsOn ? value : right(frame);
      });
    }
    case 'not': {
      const operand = compile(node.operand);
      return at(node, (frame) => !isTrue(operand(frame)));
    }
    case 'conditional': {
      const condition = compile(node.condition);
      const then = compile(node.then);
      const otherwise = node.otherwise === null ? null : compile(node.otherwise);
      return at(node, (frame) => {
        if (isTrue(condition(frame))) return then(frame);
        if (otherwise !== null) return otherwise(frame);
        // Jinja2 takes the lenient kind here in both modes.
        return new Undefined('lenient', node, () => 'The condition is false and there is no else.');
      });
    }
  }
}

const missingAt =
  (span: Span, frame: Frame) =>
  (describe: () => string): Undefined =>
    new Undefined(frame.undefinedMode, { start: span.start, end: span.end }, describe);

function lookUpName(name: string, span: Span, frame: Frame): Value {
  const found = frame.scope.get(name);
  if (found !== undefined) return found;
  return missingAt(
    span,
    frame,
  )(() => {
    const nearest = findNearestName(name, frame.scope.keys());
    const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    return `${clipText(name, 60)} is neither input nor an action upstream.${hint}`;
  });
}

const EXPRESSION_LENGTH_MAX = 80;

/** How people call what an expression gives. */
function placeOf(node: Expression, source: string): string {
  if (node.type === 'name') return node.name === INPUT_NAME ? 'the chain’s input' : `the output of ${node.name}`;
  const text = source.slice(node.start, node.end);
  return clipText(text, EXPRESSION_LENGTH_MAX);
}

const isConstant = (node: Expression): boolean =>
  node.type === 'literal' || ((node.type === 'unary' || node.type === 'binary') && childrenOf(node).every(isConstant));

/**
 * Jinja2 writes a constant into its Python code without brackets, so there the sign of a negative one is taken after
 * the power: `-2 ** 2` is 4, and `-2 ** input.two` is -4.
 */
function raiseConstant(base: Value, exponent: Value, budget: Budget): Value {
  const number = findNumber(base);
  if (number === undefined || !(number < 0)) return calculate('**', base, exponent, budget);
  return calculateSign('-', calculate('**', -number, exponent, budget));
}

function compileSlice(node: Extract<Expression, { type: 'slice' }>, source: string): Evaluator {
  const target = compileExpression(node.target, source);
  const [from, to, step] = [node.from, node.to, node.step].map((part) =>
    part === null ? null : compileExpression(part, source),
  );
  const bound = (evaluate: Evaluator | null | undefined, frame: Frame): number | null => {
    const value = evaluate?.(frame) ?? null;
    if (value === null) return null;
    const index = findIndex(value);
    if (index === undefined) throw new TemplateFault(`A slice takes whole numbers, not ${typeNameOf(value)}.`);
    return index;
  };
  return at(node, (frame) => {
    const value = target(frame);
    if (value instanceof Undefined) throw value.fault;
    const bounds = { from: bound(from, frame), to: bound(to, frame), step: bound(step, frame) };
    const sliced = slice(value, bounds, frame.budget);
    if (sliced !== undefined) return sliced;
    throw new TemplateFault(`${beginning(placeOf(node.target, source))} is ${typeNameOf(value)} and has no slices.`);
  });
}

function compileCompare(node: Extract<Expression, { type: 'compare' }>, source: string): Evaluator {
  const first = compileExpression(node.first, source);
  const rest = node.rest.map(({ operator, operand }) => ({ operator, operand: compileExpression(operand, source) }));
  return at(node, (frame) => {
    let left = first(frame);
    for (const { operator, operand } of rest) {
      const right = operand(frame);
      if (!compare(operator, left, right, frame.budget)) return false;
      left = right;
    }
    return true;
  });
}

function compileArguments(args: Arguments, source: string): (frame: Frame) => CallArguments {
  const positional = args.positional.map((argument) => compileExpression(argument, source));
  const keywords = args.keywords.map(({ name, value }) => [name, compileExpression(value, source)] as const);
  return (frame) => ({
    positional: positional.map((argument) => argument(frame)),
    keywords: new Map(keywords.map(([name, value]) => [name, value(frame)])),
  });
}

/** Names and arguments were checked when the template was parsed, so a misfit here is a defect. */
function compileCallable<Result extends Value>(
  node: Extract<Expression, { type: 'filter' | 'test' }>,
  table: ReadonlyMap<string, Callable<Result>>,
  source: string,
): (frame: Frame) => Result {
  const callable = table.get(node.name);
  if (callable === undefined) throw new Error(`No ${node.type} ${node.name}`);
  const target = compileExpression(node.target, source);
  if (callable.parameters === 'any') {
    const args = compileArguments(node.args, source);
    return (frame) => callable.applyFreely(target(frame), args(frame), callContext(frame, node));
  }
  const { parameters } = callable;
  const named = new Map(node.args.keywords.map((keyword) => [keyword.name, keyword.value]));
  const ordered = orderArguments(`|${node.name}`, parameters, node.args.positional, named);
  if ('complaint' in ordered) throw new Error(ordered.complaint);
  const args = parameters.map(({ fallback }, index): Evaluator => {
    const given = ordered.ordered[index];
    return given === undefined ? () => fallback! : compileExpression(given, source);
  });
  return (frame) => {
    const value = target(frame);
    return callable.apply(
      value,
      args.map((argument) => argument(frame)),
      callContext(frame, node),
    );
  };
}

function callContext(frame: Frame, span: Span): CallContext {
  const context: CallContext = {
    budget: frame.budget,
    makeUndefined: (message) => missingAt(span, frame)(() => message),
    callFilter: (name, value, args) => callByName('filter', FILTERS, name, value, args, context),
    callTest: (name, value, args) => callByName('test', TESTS, name, value, args, context),
  };
  return context;
}

/** For `map` and `select`, which name another filter or test by a value. */
function callByName<Result>(
  what: string,
  table: ReadonlyMap<string, Callable<Result>>,
  name: string,
  value: Value,
  args: CallArguments,
  context: CallContext,
): Result {
  context.budget.step();
  const callable = table.get(name);
  if (callable === undefined) throw new TemplateFault(`There is no ${what} ${name.slice(0, 60)}.`);
  if (callable.parameters === 'any') return context.budget.deeper(() => callable.applyFreely(value, args, context));
  const { parameters, apply } = callable;
  const ordered = orderArguments(name, parameters, args.positional, args.keywords);
  if ('complaint' in ordered) throw new TemplateFault(ordered.complaint);
  const values = parameters.map(({ fallback }, index) =>
    ordered.ordered[index] === undefined ? fallback! : ordered.ordered[index]!,
  );
  return context.budget.deeper(() => apply(value, values, context));
}
