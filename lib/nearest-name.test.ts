import { expect, it } from 'vitest';
import { findNearestName } from './nearest-name';

it.each([
  ['time_out_sec', ['definition_id', 'timeout_sec', 'retry'], 'timeout_sec'],
  ['customer_idd', ['customer_id', 'customer'], 'customer_id'],
  ['lable', ['notes', 'label'], 'label'],
  ['Label', ['label'], 'label'],
  ['ab', ['ba'], 'ba'],
  ['cat', ['bat', 'hat'], 'bat'],
])('finds for %s among %j the name %s', (name, known, nearest) => {
  expect(findNearestName(name, known)).toBe(nearest);
});

it.each([
  ['customer', ['order', 'record']],
  ['same', ['same']],
  ['a', ['b', 'c']],
  ['x', []],
  ['', ['a']],
  ['a'.repeat(200), ['a'.repeat(199)]],
])('gives no advice for %s among %j', (name, known) => {
  expect(findNearestName(name, known)).toBeUndefined();
});
