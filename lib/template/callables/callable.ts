import type { Budget } from '../budget';
import type { Undefined, Value } from '../values';

/** What a filter or test may use beside its arguments. */
export interface CallContext {
  readonly budget: Budget;
  /** An undefined value that the callable gives itself, such as the first item of an empty list. */
  readonly makeUndefined: (message: string) => Undefined;
  readonly callFilter: (name: string, value: Value, args: CallArguments) => Value;
  readonly callTest: (name: string, value: Value, args: CallArguments) => boolean;
}

export interface CallArguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
}

/** One parameter after the value itself; without a fallback it must be given. */
export interface Parameter {
  readonly name: string;
  readonly fallback?: Value;
}

interface Described {
  /** One line for completion: what it gives. */
  readonly help: string;
}

/** Takes its arguments by position or name, as Python's signature says; each is always given, at its own place. */
export interface FixedCallable<Result> extends Described {
  readonly parameters: readonly Parameter[];
  readonly apply: (value: Value, args: readonly Value[], context: CallContext) => Result;
}

/** Takes any arguments: what follows the name of another filter or test, or what a format string asks for. */
export interface FreeCallable<Result> extends Described {
  readonly parameters: 'any';
  readonly applyFreely: (value: Value, args: CallArguments, context: CallContext) => Result;
}

export type Callable<Result> = FixedCallable<Result> | FreeCallable<Result>;
export type Filter = Callable<Value>;
export type Test = Callable<boolean>;

/** Puts arguments in the order of the parameters, or says in a sentence why they do not fit. */
export function orderArguments<T>(
  what: string,
  parameters: readonly Parameter[],
  positional: readonly T[],
  keywords: ReadonlyMap<string, T>,
): { readonly ordered: readonly (T | undefined)[] } | { readonly complaint: string } {
  if (positional.length > parameters.length) {
    const most =
      parameters.length === 0
        ? 'no argument'
        : `at most ${parameters.length} argument${parameters.length === 1 ? '' : 's'}`;
    return { complaint: `${what} takes ${most}, ${positional.length} are given.` };
  }
  const ordered: (T | undefined)[] = parameters.map((_, index) => positional[index]);
  for (const [name, value] of keywords) {
    const index = parameters.findIndex((parameter) => parameter.name === name);
    if (index === -1) {
      const known = parameters.map((parameter) => parameter.name).join(', ');
      return { complaint: `${what} has no argument ${name}${known === '' ? '' : `; it takes ${known}`}.` };
    }
    if (index < positional.length) return { complaint: `The argument ${name} of ${what} is given twice.` };
    ordered[index] = value;
  }
  for (const [index, { name, fallback }] of parameters.entries()) {
    if (ordered[index] === undefined && fallback === undefined)
      return { complaint: `${what} needs the argument ${name}.` };
  }
  return { ordered };
}
