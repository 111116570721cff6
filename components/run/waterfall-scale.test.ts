import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { axisTicks, barPlace, rowsInSight } from './waterfall-scale';

describe('axisTicks', () => {
  it.each([
    [1000, [0, 200, 400, 600, 800]],
    [412, [0, 100, 200, 300]],
    [62_000, [0, 20_000, 40_000]],
    [0, [0]],
  ])('marks round times on %d ms', (totalMs, times) => {
    expect(axisTicks(totalMs, 5).map((tick) => tick.atMs)).toEqual(times);
  });

  test('marks are few, apart and inside of the axis for any duration (property)', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 1e9, noNaN: true }),
        fc.integer({ min: 2, max: 12 }),
        (totalMs, countMax) => {
          const ticks = axisTicks(totalMs, countMax);
          expect(ticks.length).toBeLessThanOrEqual(countMax + 1);
          expect(ticks[0]).toEqual({ leftPercent: 0, atMs: 0 });
          for (const tick of ticks) expect(tick.leftPercent).toBeLessThanOrEqual(88);
        },
      ),
    );
  });
});

describe('barPlace', () => {
  it('places a bar in percent of the whole', () => {
    expect(barPlace({ startMs: 250, endMs: 500 }, 1000)).toEqual({ leftPercent: 25, widthPercent: 25 });
  });

  it('cuts what lies in the future', () => {
    expect(barPlace({ startMs: 900, endMs: 3000 }, 1000)).toEqual({ leftPercent: 90, widthPercent: 10 });
    expect(barPlace({ startMs: 2000, endMs: 3000 }, 1000)).toEqual({ leftPercent: 100, widthPercent: 0 });
  });

  it('draws nothing wild while a run has lasted for no time', () => {
    expect(barPlace({ startMs: 0, endMs: 0 }, 0)).toEqual({ leftPercent: 0, widthPercent: 0 });
  });
});

describe('rowsInSight', () => {
  it('gives the rows in sight and a few around them', () => {
    expect(rowsInSight({ scrollTop: 2800, height: 280 }, 28, 1000)).toEqual([92, 118]);
  });

  it('stays within the rows', () => {
    expect(rowsInSight({ scrollTop: 0, height: 280 }, 28, 3)).toEqual([0, 3]);
    expect(rowsInSight({ scrollTop: 9999, height: 280 }, 28, 3)).toEqual([3, 3]);
  });
});
