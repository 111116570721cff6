import { Numeral } from '@/lib/json/value';
import { calculate } from '../arithmetic';
import type { Budget } from '../budget';
import { compare, contains, isEqual } from '../operators';
import { printValue } from '../print-value';
import type { CompareOperator } from '../syntax';
import { findEntries, findItems, findText, isIterable, Markup, Method, Undefined, type Value } from '../values';
import type { Parameter, Test } from './callable';

const isInteger = (value: Value): boolean => typeof value === 'bigint' || (value instanceof Numeral && value.isInteger);
const isFloat = (value: Value): boolean => typeof value === 'number' || (value instanceof Numeral && !value.isInteger);

const simple = (help: string, apply: (value: Value, budget: Budget) => boolean): Test => ({
  help,
  parameters: [],
  apply: (value, _args, { budget }) => apply(value, budget),
});

const OTHER: readonly Parameter[] = [{ name: 'other' }];

const comparison = (help: string, operator: CompareOperator): Test => ({
  help,
  parameters: OTHER,
  apply: (value, [other], { budget }) => compare(operator, value, other!, budget),
});

const EQ = comparison('equals the argument', '==');
const NE = comparison('differs from the argument', '!=');
const LT = comparison('is less than the argument', '<');
const LE = comparison('is at most the argument', '<=');
const GT = comparison('is greater than the argument', '>');
const GE = comparison('is at least the argument', '>=');

const hasRemainder = (value: Value, divisor: Value, remainder: bigint, budget: Budget): boolean =>
  isEqual(calculate('%', value, divisor, budget), remainder, budget);

/** A string with letters of one case and none of the other. */
function isCased(text: string, lower: boolean, budget: Budget): boolean {
  budget.scan(text.length);
  const hasLower = /\p{Lowercase}/u.test(text);
  const hasUpper = /[\p{Uppercase}\p{Lt}]/u.test(text);
  return lower ? hasLower && !hasUpper : hasUpper && !hasLower;
}

/** Jinja2's tests: what may stand after `is`. */
export const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['defined', simple('is there', (value) => !(value instanceof Undefined))],
  ['undefined', simple('is not there', (value) => value instanceof Undefined)],
  ['none', simple('is None (null)', (value) => value === null)],
  ['true', simple('is True', (value) => value === true)],
  ['false', simple('is False', (value) => value === false)],
  ['boolean', simple('is True or False', (value) => typeof value === 'boolean')],
  ['string', simple('is text', (value) => findText(value) !== undefined)],
  ['number', simple('is a number', (value) => isInteger(value) || isFloat(value) || typeof value === 'boolean')],
  ['integer', simple('is a whole number', isInteger)],
  ['float', simple('is a number with a fraction part', isFloat)],
  ['mapping', simple('is an object (dict)', (value) => findEntries(value) !== undefined)],
  ['sequence', simple('has a length and items', isSequence)],
  ['iterable', simple('has items to go through', isIterable)],
  ['callable', simple('can be called', (value) => value instanceof Method || value instanceof Undefined)],
  ['escaped', simple('is escaped already', (value) => value instanceof Markup)],
  ['lower', simple('is in lower case', (value, budget) => isCased(printValue(value, budget), true, budget))],
  ['upper', simple('is in upper case', (value, budget) => isCased(printValue(value, budget), false, budget))],
  ['odd', simple('is odd', (value, budget) => hasRemainder(value, 2n, 1n, budget))],
  ['even', simple('is even', (value, budget) => hasRemainder(value, 2n, 0n, budget))],
  [
    'divisibleby',
    {
      help: 'can be divided by the argument without rest',
      parameters: [{ name: 'num' }],
      apply: (value, [divisor], { budget }) => hasRemainder(value, divisor!, 0n, budget),
    },
  ],
  [
    'in',
    {
      help: 'is in the list, text or dict given',
      parameters: [{ name: 'seq' }],
      apply: (value, [container], { budget }) => contains(container!, value, budget),
    },
  ],
  ['==', EQ],
  ['eq', EQ],
  ['equalto', EQ],
  ['!=', NE],
  ['ne', NE],
  ['<', LT],
  ['lt', LT],
  ['lessthan', LT],
  ['<=', LE],
  ['le', LE],
  ['>', GT],
  ['gt', GT],
  ['greaterthan', GT],
  ['>=', GE],
  ['ge', GE],
]);

/** Tests that Jinja2 has and we have not. */
export const UNSUPPORTED_TESTS: ReadonlySet<string> = new Set(['sameas', 'filter', 'test']);

function isSequence(value: Value): boolean {
  if (value instanceof Undefined) return value.mode === 'lenient';
  return (findItems(value) ?? findEntries(value) ?? findText(value)) !== undefined;
}
