import { clipText } from '@/lib/clip-text';
import { formatPointer, type PathSegment } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonValue } from '@/lib/json/value';
import { err, ok, type Result } from '@/lib/result';
import { ALLOCATION_MAX, Budget, STEPS_MAX } from './budget';
import type { Frame, Scope } from './compile-expression';
import { evaluateSingle, faultingAt, type PrintedSpecial, renderTemplate } from './evaluate';
import { isTrue } from './operators';
import { isTemplate, parseTemplate, type Template } from './parse-template';
import { locate } from './place';
import type { OutputNode } from './syntax';
import { TemplateFault } from './template-fault';
import { sizeOf, toJsonValue, Undefined, type UndefinedMode } from './values';

export type { Scope } from './compile-expression';

/** Why inputs cannot be resolved: which field, and where in its template. */
export interface BindFailure {
  /** JSON pointer below `inputs`; `/when` for a condition. */
  readonly path: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** In UTF-16 units. */
  readonly length: number;
  /** The smallest expression at fault, at most 80 characters of it. */
  readonly expression: string;
}

/** A value that arrived as text that its author may not expect. */
export interface BindWarning {
  readonly code: PrintedSpecial;
  readonly path: string;
}

export interface Bound {
  readonly value: JsonValue;
  readonly warnings: readonly BindWarning[];
}

export interface BindRequest {
  readonly inputs: JsonValue;
  /** `input` and the action's ancestors by id. */
  readonly scope: Scope;
  readonly binding: 'typed' | 'text';
  readonly undefinedMode: UndefinedMode;
}

/**
 * All templates of one action together may use as much as so many single ones at their limits, what they hand on
 * included: a large output that every field repeats would only break where it is printed.
 */
const TEMPLATES_AT_LIMIT_MAX = 10;

/**
 * The inputs with every template in them resolved, in every string at any depth; keys are never templates. With
 * `typed` a string that is exactly one `{{ expression }}` becomes the value itself, the same object where it comes
 * from the scope; everything else that holds a template becomes text. What holds none is shared with `inputs`.
 *
 * Stops at the first field that fails, in document order.
 */
export function bindInputs(request: BindRequest): Result<Bound, BindFailure> {
  const warnings: BindWarning[] = [];
  const binder = new Binder(request, warnings);
  try {
    return ok({ value: binder.bind(request.inputs, []), warnings });
  } catch (failure) {
    if (failure instanceof FieldFailure) return err(failure.failure);
    throw failure;
  }
}

class FieldFailure extends Error {
  readonly failure: BindFailure;

  constructor(failure: BindFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

class Binder {
  readonly #request: BindRequest;
  readonly #warnings: BindWarning[];
  #steps = 0;
  #allocation = 0;

  constructor(request: BindRequest, warnings: BindWarning[]) {
    this.#request = request;
    this.#warnings = warnings;
  }

  bind(value: JsonValue, path: readonly PathSegment[]): JsonValue {
    if (typeof value === 'string') return isTemplate(value) ? this.#resolve(value, path) : value;
    if (isJsonArray(value)) return this.#bindList(value, path);
    if (isJsonObject(value)) return this.#bindObject(value, path);
    return value;
  }

  #bindList(list: readonly JsonValue[], path: readonly PathSegment[]): JsonValue {
    const bound = list.map((item, index) => this.bind(item, [...path, index]));
    return bound.some((item, index) => item !== list[index]) ? bound : list;
  }

  #bindObject(object: ReadonlyMap<string, JsonValue>, path: readonly PathSegment[]): JsonValue {
    const bound = new Map<string, JsonValue>();
    let isSame = true;
    for (const [key, item] of object) {
      const next = this.bind(item, [...path, key]);
      if (next !== item) isSame = false;
      bound.set(key, next);
    }
    return isSame ? object : bound;
  }

  #resolve(text: string, path: readonly PathSegment[]): JsonValue {
    const pointer = formatPointer(path);
    const template = parsed(text, pointer);
    const { scope, undefinedMode, binding } = this.#request;
    const budget = new Budget();
    const frame: Frame = { scope, undefinedMode, budget };
    const seen = new Set<PrintedSpecial>();
    const value = failingAt(text, pointer, () =>
      binding === 'typed' && hasSingle(template)
        ? evaluateTyped(template, frame, seen)
        : renderTemplate(template, frame, (special) => seen.add(special)),
    );
    for (const code of seen) this.#warnings.push({ code, path: pointer });
    this.#charge(budget, text, pointer, value);
    return value;
  }

  #charge(budget: Budget, text: string, pointer: string, value: JsonValue): void {
    this.#steps += budget.steps;
    this.#allocation += budget.allocation + sizeOf(value);
    if (
      this.#steps > TEMPLATES_AT_LIMIT_MAX * STEPS_MAX ||
      this.#allocation > TEMPLATES_AT_LIMIT_MAX * ALLOCATION_MAX
    ) {
      const message = 'The templates of this action together take too many steps or make too much.';
      throw new FieldFailure(failureAt(text, pointer, message, { start: 0, end: text.length }));
    }
  }
}

const hasSingle = (template: Template): template is Template & { readonly single: OutputNode } =>
  template.single !== null;

function parsed(text: string, pointer: string): Template {
  const template = parseTemplate(text);
  if (template.ok) return template.value;
  const { message, line, column, length } = template.error;
  const lineText = text.split(/\r\n|\r|\n/)[line - 1] ?? '';
  const expression = shorten(lineText.slice(column - 1, column - 1 + length));
  throw new FieldFailure({ path: pointer, message, line, column, length, expression });
}

function evaluateTyped(
  template: Template & { readonly single: OutputNode },
  frame: Frame,
  seen: Set<PrintedSpecial>,
): JsonValue {
  return faultingAt(template.single.expression, () => {
    const value = evaluateSingle(template, frame);
    if (!(value instanceof Undefined)) return toJsonValue(value, frame.budget);
    value.tolerate();
    seen.add('undefined_as_empty');
    return '';
  });
}

/** With the sign that it was cut, 80. */
const EXPRESSION_LENGTH_MAX = 79;

const shorten = (text: string): string => clipText(text, EXPRESSION_LENGTH_MAX);

function failingAt<T>(text: string, pointer: string, work: () => T): T {
  try {
    return work();
  } catch (fault) {
    if (!(fault instanceof TemplateFault)) throw fault;
    throw new FieldFailure(failureAt(text, pointer, fault.message, fault.at ?? { start: 0, end: text.length }));
  }
}

function failureAt(
  text: string,
  path: string,
  message: string,
  span: { readonly start: number; readonly end: number },
): BindFailure {
  const { start, end, line, column } = locate(text, span);
  return { path, message, line, column, length: end - start, expression: shorten(text.slice(start, end)) };
}

export interface ConditionRequest {
  /** An action's `when`: exactly one `{{ expression }}`. */
  readonly when: string;
  readonly scope: Scope;
  readonly undefinedMode: UndefinedMode;
}

/** Whether a condition holds, by Python's truth. A text that is not exactly one `{{ expression }}` is a failure. */
export function evaluateCondition({ when, scope, undefinedMode }: ConditionRequest): Result<boolean, BindFailure> {
  try {
    const template = parsed(when, WHEN_PATH);
    if (!hasSingle(template)) {
      const message = 'A condition is exactly one {{ expression }}.';
      return err(failureAt(when, WHEN_PATH, message, { start: 0, end: when.length }));
    }
    const frame: Frame = { scope, undefinedMode, budget: new Budget() };
    return ok(
      failingAt(when, WHEN_PATH, () =>
        faultingAt(template.single.expression, () => isTrue(evaluateSingle(template, frame))),
      ),
    );
  } catch (failure) {
    if (failure instanceof FieldFailure) return err(failure.failure);
    throw failure;
  }
}

const WHEN_PATH = '/when';
