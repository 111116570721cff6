import { describe, expect, it } from 'vitest';
import { bezierPoint, curvePath, edgeCurve } from './edge-curve';

describe('edgeCurve', () => {
  it('leaves to the right and arrives from the left, level at both ends, wherever the cards lie', () => {
    for (const end of [
      { x: 300, y: 200 },
      { x: 300, y: -200 },
      { x: -300, y: 90 },
      { x: 0, y: 50 },
    ]) {
      const [start, leave, arrive, last] = edgeCurve({ x: 0, y: 0 }, end);
      expect([leave.y, arrive.y, last]).toEqual([start.y, end.y, end]);
      expect(leave.x).toBeGreaterThanOrEqual(start.x);
      expect(arrive.x).toBeLessThanOrEqual(end.x);
    }
  });

  it('is written as a path, and walked from its start to its end', () => {
    const curve = edgeCurve({ x: 0, y: 0 }, { x: 100.126, y: 40 });
    expect(curvePath(curve)).toBe('M0,0 C50.06,0 50.06,40 100.13,40');
    expect([bezierPoint(curve, 0), bezierPoint(curve, 1)]).toEqual([curve[0], curve[3]]);
    expect(bezierPoint(curve, 0.5).y).toBeCloseTo(20);
  });
});
