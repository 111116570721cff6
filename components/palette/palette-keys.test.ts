import { expect, it } from 'vitest';
import { nextPlace } from './palette-keys';

it.each([
  ['ArrowDown', 1, 2],
  ['ArrowDown', 3, 3],
  ['ArrowUp', 1, 0],
  ['ArrowUp', 0, 0],
  ['Home', 2, 0],
  ['End', 0, 3],
  ['Enter', 1, null],
])('%s leads from card %i of four to %s', (key, at, expected) => expect(nextPlace(key, at, 4)).toBe(expected));
