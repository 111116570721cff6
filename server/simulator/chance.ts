import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';
import { Numeral } from '@/lib/json/value';

/** Answers that look random and depend on nothing but the words they are drawn from. */
export interface Chance {
  /** A whole number from `min` to `max`, both included. */
  readonly whole: (min: number, max: number) => number;
  /** A decimal with exactly `places` digits after the point, trailing zeros included. */
  readonly decimal: (min: number, max: number, places: number) => Numeral;
  readonly pick: <T>(items: readonly T[]) => T;
  readonly digits: (count: number) => string;
  /** True in `share` of the cases; 0.2 is one in five. */
  readonly isHit: (share: number) => boolean;
  /** An instant of the simulated year, at whole minutes, such as `2025-03-09T14:25:00Z`. */
  readonly instant: () => string;
}

/**
 * Draws from the hash of the given words: the same words give the same answers in every process.
 * Words are kept apart, so `('a', 'bc')` and `('ab', 'c')` differ.
 */
export function createChance(...words: readonly string[]): Chance {
  const seed = JSON.stringify(words);
  let block = new Uint8Array();
  let at = 0;
  let blocks = 0;

  /** From 0 (included) to 1 (excluded), with 32 bits. */
  function draw(): number {
    if (at + 4 > block.length) {
      block = new Uint8Array(sha256(utf8ToBytes(`${blocks++}:${seed}`)));
      at = 0;
    }
    const bits = new DataView(block.buffer).getUint32(at);
    at += 4;
    return bits / 2 ** 32;
  }

  const whole = (min: number, max: number): number => min + Math.floor(draw() * (max - min + 1));
  return {
    whole,
    decimal: (min, max, places) => new Numeral((min + draw() * (max - min)).toFixed(places)),
    pick: (items) => items[whole(0, items.length - 1)]!,
    digits: (count) => Array.from({ length: count }, () => whole(0, 9)).join(''),
    isHit: (share) => draw() < share,
    instant: () => new Date(YEAR_START_MS + whole(0, 364 * 24 * 60) * 60_000).toISOString().replace('.000Z', 'Z'),
  };
}

const YEAR_START_MS = Date.UTC(2025, 0, 1);
