export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Handles stand at header height, whatever a card's chips add below. */
const HANDLE_Y = 24;
/** React Flow's default curvature for an edge that runs backwards. */
const CURVATURE = 0.25;

/** The cubic that React Flow draws from the right of one card to the left of another: start, two controls, end. */
export function edgeCurve(source: Point, target: Point, sourceWidth: number): readonly [Point, Point, Point, Point] {
  const start = { x: source.x + sourceWidth, y: source.y + HANDLE_Y };
  const end = { x: target.x, y: target.y + HANDLE_Y };
  const distance = end.x - start.x;
  const reach = distance >= 0 ? distance / 2 : CURVATURE * 25 * Math.sqrt(-distance);
  return [start, { x: start.x + reach, y: start.y }, { x: end.x - reach, y: end.y }, end];
}

/** The point of a cubic at `t` from 0 to 1. */
export function bezierPoint([a, b, c, d]: readonly [Point, Point, Point, Point], t: number): Point {
  const u = 1 - t;
  const mix = (p: number, q: number, r: number, s: number): number =>
    u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s;
  return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) };
}
