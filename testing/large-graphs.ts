import type { Chain } from '@/lib/chain/chain';
import { actionOf, type PlainAction, toActionId } from './chain-builder';

const chainOfSize = (size: number, actionAt: (position: number) => PlainAction): Chain => ({
  actions: new Map(Array.from({ length: size }, (_, i) => [toActionId(`a${i}`), actionOf(actionAt(i))])),
  extra: new Map(),
});

const before = (position: number): readonly string[] => (position === 0 ? [] : [`a${position - 1}`]);
const reading = (names: readonly string[]): PlainAction => ({ inputs: { x: names.map((name) => `{{ ${name}.x }}`) } });

/** Three actions of the layer of 20 above, always the same ones. */
const above = (position: number): readonly string[] =>
  position < 20
    ? []
    : [0, 7, 13].map((step) => `a${Math.floor(position / 20) * 20 - 20 + ((position * 3 + step) % 20)}`);

/**
 * Chains of sizes and shapes at which recursion overflows and a loop in a loop takes seconds. Each with its number of
 * actions, and whether it has an order.
 */
export const LARGE_CHAINS: readonly (readonly [name: string, isAcyclic: boolean, build: () => Chain])[] = [
  ['10,000 in a row', true, () => chainOfSize(10_000, (i) => ({ depends_on: before(i) }))],
  ['10,000 in a ring', false, () => chainOfSize(10_000, (i) => ({ depends_on: i === 0 ? ['a9999'] : before(i) }))],
  ['10,000 that wait for one', true, () => chainOfSize(10_000, (i) => ({ depends_on: i === 0 ? [] : ['a0'] }))],
  [
    'one that waits for 9,999',
    true,
    () =>
      chainOfSize(10_000, (i) => ({
        depends_on: i === 9999 ? Array.from({ length: 9999 }, (_, from) => `a${from}`) : [],
      })),
  ],
  ['2,000 in layers with 6,000 edges', true, () => chainOfSize(2000, (i) => ({ depends_on: above(i) }))],
  [
    '800 of which each waits for all before it',
    true,
    () => chainOfSize(800, (i) => ({ depends_on: Array.from({ length: i }, (_, from) => `a${from}`) })),
  ],
  [
    '10,000 that only read the next one',
    true,
    () => chainOfSize(10_000, (i) => reading(i < 9999 ? [`a${i + 1}`] : [])),
  ],
  ['2,000 in layers that read 6,000 times', true, () => chainOfSize(2000, (i) => reading(above(i)))],
  ['2,000 that read one another around a ring', true, () => chainOfSize(2000, (i) => reading([`a${(i + 1) % 2000}`]))],
];
