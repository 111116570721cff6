export interface Point {
  readonly x: number;
  readonly y: number;
}
export type Cubic = readonly [start: Point, leave: Point, arrive: Point, end: Point];

/** Handles stand at header height, whatever a card's chips add below; in pixels from the card's upper edge. */
export const HANDLE_Y = 24;
/** How far an edge that runs backwards swings beyond its ends. */
const CURVATURE = 0.25;

/**
 * The one curve of an edge, on the canvas, in pictures and under what moves along it: it leaves to the right and arrives
 * from the left, level at both ends. Start, two controls, end.
 */
export function edgeCurve(start: Point, end: Point): Cubic {
  const distance = end.x - start.x;
  const reach = distance >= 0 ? distance / 2 : CURVATURE * 25 * Math.sqrt(-distance);
  return [start, { x: start.x + reach, y: start.y }, { x: end.x - reach, y: end.y }, end];
}

/** The point of a cubic at `t` from 0 to 1. */
export function bezierPoint([a, b, c, d]: Cubic, t: number): Point {
  const u = 1 - t;
  const mix = (p: number, q: number, r: number, s: number): number =>
    u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s;
  return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) };
}

/** The cubic as the `d` of an SVG path, in hundredths of a pixel. */
export const curvePath = ([a, b, c, d]: Cubic): string => `M${print(a)} C${print(b)} ${print(c)} ${print(d)}`;

const print = ({ x, y }: Point): string => `${round(x)},${round(y)}`;
const round = (value: number): number => Math.round(value * 100) / 100;
